// Does charge-card tasks over HTTP, with nothing but Node.js.
//   node examples/workers/worker.mjs http://127.0.0.1:8080 [how many tasks, then it ends]
const [gateway, most = Infinity] = process.argv.slice(2);
const activityArn = 'arn:aws:states:us-east-1:000000000000:activity:charge-card';

async function call(operation, parameters) {
  const response = await fetch(`${gateway}/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `AWSStepFunctions.${operation}` },
    body: JSON.stringify(parameters),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  return answer;
}

const charge = async input => {
  if (input.amount < 0) throw Object.assign(new Error('less than nothing'), { name: 'CardDeclined' });
  return { charged: true, by: 'JavaScript', amount: input.amount };
};

for (let done = 0; done < most; ) {
  const { taskToken, input } = await call('GetActivityTask', { activityArn, workerName: `node-${process.pid}` });
  if (!taskToken) continue; // Nothing to do for 60 s.
  done++;
  // A third of the state's HeartbeatSeconds: two may be lost.
  const heart = setInterval(() => call('SendTaskHeartbeat', { taskToken }).catch(console.error), 20_000);
  try {
    const output = await charge(JSON.parse(input));
    await call('SendTaskSuccess', { taskToken, output: JSON.stringify(output) });
  } catch (e) {
    await call('SendTaskFailure', { taskToken, error: e.name, cause: e.message });
  } finally {
    clearInterval(heart);
  }
}
console.log('done');
