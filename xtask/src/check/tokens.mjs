// Counts the tokens of each text in a file of JSON with two encodings and prints the counts as JSON. Runs in a folder that has the
// tokenizer in its node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const encodings = ["o200k_base", "cl100k_base"].map((name) => require(`gpt-tokenizer/encoding/${name}`));
// Names of special tokens are text like any other.
const options = { disallowedSpecial: new Set() };
const texts = JSON.parse(readFileSync(process.argv[2], "utf8"));
const counts = texts.map((text) => encodings.map((encoding) => encoding.countTokens(text, options)));
process.stdout.write(JSON.stringify(counts));
