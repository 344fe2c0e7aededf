# syntax=docker/dockerfile:1
# One image for both functions: what `npm run build:lambda` made, which is this build's context
# (`docker build -f Dockerfile dist/lambda`). What changes least lies lowest, so that a new version of the
# code sends some hundred kilobytes.
#
# Pin the base before a production stage is deployed (it refuses otherwise), and again to upgrade it: append
# `@sha256:…` as printed by
#   docker buildx imagetools inspect public.ecr.aws/lambda/nodejs:24 --format '{{.Manifest.Digest}}'
ARG BASE=public.ecr.aws/lambda/nodejs:24
FROM ${BASE}

# Stack traces in the logs name the sources' lines.
ENV NODE_OPTIONS=--enable-source-maps

COPY models ${LAMBDA_TASK_ROOT}/models
COPY node_modules ${LAMBDA_TASK_ROOT}/node_modules
COPY functions ${LAMBDA_TASK_ROOT}/functions

# Each function names its own handler.
CMD ["functions/search/handler.handler"]
