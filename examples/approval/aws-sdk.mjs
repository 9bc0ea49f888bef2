// The approval example by the AWS SDK for JavaScript alone: the endpoint is all that differs from AWS.
//   npm i @aws-sdk/client-sfn (anywhere); node examples/approval/aws-sdk.mjs http://127.0.0.1:8080 <folder with node_modules>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [endpoint, folder = '.'] = process.argv.slice(2);
const sdk = createRequire(path.resolve(folder, 'package.json'))('@aws-sdk/client-sfn');
const client = new sdk.SFNClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
const call = (operation, parameters) => client.send(new sdk[`${operation}Command`](parameters));
const file = name => readFileSync(new URL(name, import.meta.url), 'utf8');
const activity = name => ({ activityArn: `arn:aws:states:us-east-1:000000000000:activity:${name}`, workerName: 'script' });

const { stateMachineArn } = await call('CreateStateMachine', {
  name: `approval-by-js-${process.pid}`, definition: file('approval.asl.json'), roleArn: 'arn:aws:iam::000000000000:role/any', publish: true,
});
const { stateMachineAliasArn } = await call('CreateStateMachineAlias', {
  name: 'live', routingConfiguration: [{ stateMachineVersionArn: `${stateMachineArn}:1`, weight: 100 }],
});
const { executionArn } = await call('StartExecution', { stateMachineArn: stateMachineAliasArn, input: file('input.json') });

const asked = await call('GetActivityTask', activity('notify-approver'));
await call('SendTaskHeartbeat', { taskToken: asked.taskToken });
await call('SendTaskSuccess', { taskToken: asked.taskToken, output: '{"decision":"APPROVED"}' });
const save = await call('GetActivityTask', activity('save-feedback'));
await call('SendTaskSuccess', { taskToken: save.taskToken, output: '{"receipt":"r-1"}' });

console.log((await call('DescribeExecution', { executionArn })).status);
console.log((await call('ListExecutions', { stateMachineArn: stateMachineAliasArn })).executions.length);
await call('DeleteStateMachine', { stateMachineArn });
