# A stand-in of apicurio/apicurio-registry, of its published archive. deploy/local-images.sh
ARG JAVA
FROM ${JAVA}
COPY apicurio/ /deployments/
USER 185
WORKDIR /deployments
EXPOSE 8080
CMD ["java", "-XX:MaxRAMPercentage=50", "-Dquarkus.http.host=0.0.0.0", "-jar", "quarkus-run.jar"]
