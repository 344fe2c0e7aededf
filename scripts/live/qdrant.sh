#!/bin/sh
# Runs the contract of the index, and the paging of a collection with a graph (HNSW), against a real Qdrant. It makes
# collections of its own and deletes them afterwards.
#
#   QDRANT_URL=https://… QDRANT_API_KEY=… sh scripts/live/qdrant.sh
#   QDRANT_URL=http://127.0.0.1:6333 POINTS=100000 sh scripts/live/qdrant.sh
set -eu
: "${QDRANT_URL:?Set QDRANT_URL (and QDRANT_API_KEY) to a Qdrant of version 1.18 or later}"
cd "$(dirname "$0")/../.."
exec npx vitest run --reporter=verbose tests/contracts/vector-index.test.ts tests/qdrant-server/paging.test.ts
