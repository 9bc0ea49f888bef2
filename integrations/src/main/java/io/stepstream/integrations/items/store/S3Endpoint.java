package io.stepstream.integrations.items.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Buckets at an S3-compatible endpoint, addressed by path. The SDK retries what may pass by itself. */
final class S3Endpoint implements ObjectStore {

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final S3Client client;
    private final String name;

    private S3Endpoint(S3Client client, String name) {
        this.client = client;
        this.name = name;
    }

    static S3Endpoint open(S3Settings settings) {
        var client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_WITHIN)
                        .socketTimeout(ANSWER_WITHIN))
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .forcePathStyle(true)
                // Checksums beyond what an operation requires are younger than many servers that speak S3.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        settings.endpoint().ifPresent(client::endpointOverride);
        return new S3Endpoint(
                client.build(), settings.endpoint().map(URI::toString).orElse("AWS"));
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.credentials()
                .<AwsCredentialsProvider>map(key -> StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    @Override
    public StoredObject find(ObjectAddress address) throws StoreFailure {
        var request = HeadObjectRequest.builder().bucket(address.bucket()).key(address.key());
        address.version().ifPresent(request::versionId);
        address.expectedOwner().ifPresent(request::expectedBucketOwner);
        try {
            var head = client.headObject(request.build());
            return new StoredObject(address, head.contentLength(), head.eTag());
        } catch (SdkException e) {
            throw failure("read " + address, e);
        }
    }

    @Override
    public byte[] read(StoredObject object, long from, int length) throws StoreFailure {
        ObjectAddress address = object.address();
        long last = Math.min(from + length, object.size()) - 1;
        var request = GetObjectRequest.builder()
                .bucket(address.bucket())
                .key(address.key())
                .range("bytes=" + from + "-" + last)
                .ifMatch(object.tag());
        address.version().ifPresent(request::versionId);
        address.expectedOwner().ifPresent(request::expectedBucketOwner);
        try (InputStream answer = client.getObject(request.build())) {
            int wanted = (int) (last - from + 1);
            byte[] bytes = answer.readNBytes(wanted);
            if (bytes.length < wanted) {
                throw new StoreFailure(address + " ended after " + bytes.length + " of " + wanted
                        + " bytes from offset " + from + "; start again");
            }
            return bytes;
        } catch (S3Exception e) {
            throw e.statusCode() == 412 || e.statusCode() == 416
                    ? StoreFailure.changed(address)
                    : failure("read " + address, e);
        } catch (SdkException e) {
            throw failure("read " + address, e);
        } catch (StoreFailure e) {
            throw e;
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + address + " from offset " + from + " at " + name + ": " + e, e);
        }
    }

    @Override
    public Listing list(String bucket, String prefix, Optional<String> after, int most) throws StoreFailure {
        var request =
                ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).maxKeys(Math.min(most, MAX_LISTED));
        after.ifPresent(request::startAfter);
        try {
            var answer = client.listObjectsV2(request.build());
            List<ListedObject> objects = new ArrayList<>();
            for (S3Object object : answer.contents()) {
                objects.add(new ListedObject(
                        object.key(),
                        Optional.ofNullable(object.size()).orElse(0L),
                        Optional.ofNullable(object.eTag()).orElse(""),
                        Optional.ofNullable(object.lastModified()).orElse(Instant.EPOCH),
                        Optional.ofNullable(object.storageClassAsString()).orElse("STANDARD")));
            }
            return new Listing(
                    objects, Boolean.TRUE.equals(answer.isTruncated()) ? Listing.Rest.MORE : Listing.Rest.NOTHING);
        } catch (SdkException e) {
            throw failure("list s3://" + bucket + "/" + prefix, e);
        }
    }

    @Override
    public void write(ObjectAddress address, byte[] content, String contentType) throws StoreFailure {
        var request = PutObjectRequest.builder()
                .bucket(address.bucket())
                .key(address.key())
                .contentType(contentType);
        address.expectedOwner().ifPresent(request::expectedBucketOwner);
        try {
            client.putObject(request.build(), RequestBody.fromBytes(content));
        } catch (SdkException e) {
            throw failure("write " + address, e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private StoreFailure failure(String what, SdkException e) {
        String why = e instanceof S3Exception answer ? reason(answer) : e.getMessage();
        return new StoreFailure("cannot " + what + " at " + name + ": " + why, e);
    }

    private static String reason(S3Exception answer) {
        return switch (answer.statusCode()) {
            case 301, 307 -> "the bucket is in another region; set that region";
            case 403 -> "access is denied; check the credentials in the settings, and that they may do this";
            case 404 ->
                answer instanceof NoSuchBucketException
                        ? "there is no such bucket; check its name"
                        : "there is no such object or bucket; check the names";
            default -> "it answered " + answer.statusCode() + ": " + answer.getMessage();
        };
    }
}
