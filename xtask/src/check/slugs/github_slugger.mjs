// Anchors as github-slugger makes them: one slugger for each file.
// usage: node github_slugger.mjs HEADINGS.json   (in a folder with its node_modules)
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const index = join(process.cwd(), 'node_modules/github-slugger/index.js');
const { default: Slugger } = await import(pathToFileURL(index).href);

const files = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const anchors = files.map((headings) => {
  const slugger = new Slugger();
  return headings.map((heading) => slugger.slug(heading));
});
process.stdout.write(JSON.stringify(anchors));
