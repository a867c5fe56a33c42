// Asks the code of GitHub's upload action, as it stands in a checkout, for fingerprints, and prints them as JSON. Runs in a folder
// that has esbuild and long in its node_modules.
//   theirs.mjs CHECKOUT hashes FOLDER COUNT        of each line of the files 0, 1, ... of a folder
//   theirs.mjs CHECKOUT fingerprints LOG SOURCES   of each result of a SARIF log
import { mkdtempSync, readFileSync, rmSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(`${process.cwd()}/`);
const [checkout, question, first, second] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "fingerprints-"));
const outfile = join(folder, "fingerprints.cjs");
require("esbuild").buildSync({
  entryPoints: [join(checkout, "src/fingerprints.ts")],
  bundle: true,
  platform: "node",
  format: "cjs",
  nodePaths: [join(process.cwd(), "node_modules")],
  tsconfigRaw: {},
  logLevel: "error",
  outfile,
});
const { hash, addFingerprints } = require(outfile);
rmSync(folder, { recursive: true });

async function hashes(folder, count) {
  const all = [];
  for (let number = 0; number < count; number++) {
    const lines = [];
    await hash((line, value) => {
      if (line !== lines.length + 1) throw new Error(`line ${line} comes after ${lines.length} others`);
      lines.push(value);
    }, join(folder, String(number)));
    all.push(lines);
  }
  return all;
}

async function fingerprints(log, sources) {
  const silent = () => {};
  const logger = { debug: silent, info: silent, warning: silent };
  const filled = await addFingerprints(JSON.parse(readFileSync(log, "utf8")), sources, logger);
  return filled.runs[0].results.map((result) => result.partialFingerprints?.primaryLocationLineHash ?? null);
}

const answer = question === "hashes" ? await hashes(first, Number(second)) : await fingerprints(first, second);
let rest = Buffer.from(JSON.stringify(answer));
while (rest.length > 0) {
  try {
    rest = rest.subarray(writeSync(1, rest));
  } catch (error) {
    // Whoever reads is slower.
    if (error.code !== "EAGAIN") throw error;
  }
}
