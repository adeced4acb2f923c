# The reference service, and Tally's simulator for docker compose. Build from the root of the repository:
# docker build -t byom .
# Another image of Node 24 or newer, with npm, can take the place of the official one.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The optional dependencies are the harness's Postgres and a Node of its own. A registry that wants
# a password gets it from a secret, which stays out of the image: --secret id=npmrc,src=.npmrc
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

# What stands for the providers: Tally, with the scenarios that it plays through the service.
FROM ${NODE_IMAGE} AS simulator
WORKDIR /app
COPY package.json tally.config.ts ./
COPY --from=dependencies /app/node_modules node_modules
COPY fixtures fixtures
COPY harness harness
COPY contracts contracts
COPY reference-app/src reference-app/src
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["node", "harness/cli/tally.ts", "simulator"]

FROM ${NODE_IMAGE} AS service
WORKDIR /app
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    PRICES_FILE=/app/fixtures/prices/catalogue.json
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY fixtures/prices fixtures/prices
COPY reference-app/src reference-app/src
# A number, so that an orchestrator can see that it is not root.
USER 65532:65532
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", \
    "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "reference-app/src/server.ts"]
