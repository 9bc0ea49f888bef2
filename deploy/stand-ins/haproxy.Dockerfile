# A stand-in of haproxy's image, of Debian's package. deploy/local-images.sh
FROM stepstream-stand-in/debian:bookworm
RUN apt-get update -q && apt-get install -yq --no-install-recommends haproxy && rm -rf /var/lib/apt/lists/*
USER haproxy
STOPSIGNAL SIGUSR1
CMD ["haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]
