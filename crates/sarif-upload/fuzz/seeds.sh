#!/bin/sh
# Logs for the first generation, below fuzz/corpus.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/split
tool='"tool":{"driver":{"name":"t","rules":[{"id":"A"}]}},'
region='"region":{"startLine":#}'
result='{"ruleId":"A","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%s.c"},'$region'}}]}'
printf "$tool\\0$result" '' >corpus/split/one
printf "$tool\\0 $result\\0$result\\n" '%20#' '\\\\u0041' >corpus/split/two
printf "$tool\\0{\"ruleId\":\"#\",\"message\":{\"text\":\"\"},\"partialFingerprints\":{\"primaryLocationLineHash\":\"x#\"}}" >corpus/split/prints
printf "$tool\\0{\"ruleIndex\":0}\\0{\"rule\":{\"id\":\"A/#\"},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"index\":\"#\"}}}]}" >corpus/split/rules
printf '{"version":"2.1.0","runs":[{%s"results":[{},{}]},{"results":[]}]}' "$tool" >corpus/split/file
