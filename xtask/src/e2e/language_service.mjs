// The official language service over action and workflow files, without network.
// usage: node language_service.mjs ROOT STAND_INS FILE...   (in a folder with its node_modules)
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

// Its packages import JSON without saying so, which Node refuses: hand such files over as modules.
const hook = `import { readFileSync } from 'node:fs';
export const load = (url, context, next) => url.endsWith('.json')
  ? { format: 'module', shortCircuit: true, source: 'export default ' + readFileSync(new URL(url), 'utf8') }
  : next(url, context);`;
register('data:text/javascript,' + encodeURIComponent(hook));

const packages = createRequire(join(process.cwd(), 'packages.js'));
const service = join(process.cwd(), 'node_modules/@actions/languageservice/dist/index.js');
const { validate } = await import(pathToFileURL(service).href);
const { TextDocument } = packages('vscode-languageserver-textdocument');
const YAML = packages('yaml');

const [root, standIns, ...files] = process.argv.slice(2);
const config = {
  actionsMetadataProvider: {
    // Our own actions from this tree, all others from their stand-ins.
    fetchActionMetadata: async ({ owner, name, path }) => {
      const folder = owner === 'gatewright' ? join(root, path ?? '') : join(standIns, owner, name, path ?? '');
      const file = join(folder, 'action.yml');
      return existsSync(file) ? YAML.parse(readFileSync(file, 'utf8')) : undefined;
    },
  },
  fileProvider: {
    getFileContent: async ({ path }) => ({ name: path, content: readFileSync(join(root, path), 'utf8') }),
  },
};

let found = 0;
for (const file of files) {
  const folder = basename(file) === 'action.yml' ? '' : '.github/workflows/';
  const uri = `file:///${folder}${basename(file)}`;
  const document = TextDocument.create(uri, 'yaml', 1, readFileSync(join(root, file), 'utf8'));
  for (const { range, message } of await validate(document, config)) {
    found += 1;
    console.log(`${file}:${range.start.line + 1}:${range.start.character + 1}: ${message}`);
  }
}
process.exit(found > 0 ? 1 : 0);
