# A Java runtime on Debian: what the other stand-ins and, as BASE, our own image stand on. deploy/local-images.sh
FROM stepstream-stand-in/debian:bookworm
COPY jdk/ /opt/java/
ENV JAVA_HOME=/opt/java PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
