// Builds a slim plotly.js: the traces that dashboard/figures draws, no components that no chart has, no descriptions of attributes.
// node bundle/plotly.mjs FOLDER_OF_NODE_MODULES OUT
import { readFile, writeFile, rename } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const [modules, out] = process.argv.slice(2).map((given) => path.resolve(given));
const { build } = createRequire(path.join(modules, "here.js"))("esbuild");

const TRACES = ["bar", "heatmap"]; // scatter is part of the core; tests/dashboard/test_bundle.py compares with what is drawn
const ABSENT = /^\.\.?\/components\/(annotations3d|updatemenus|sliders|rangeslider|rangeselector)$/;
const TEXT = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
const DESCRIPTION = new RegExp(String.raw`\bdescription:\s*(?:\[(?:${TEXT}|//[^\n]*|[+,\s])*\]\s*\.join\(\s*${TEXT}\s*\)|${TEXT})\s*(?=[,}\n])`, "g");

const entry = `module.exports = require("plotly.js/lib/core");
module.exports.register([${TRACES.map((name) => `require("plotly.js/lib/${name}")`).join(",")}]);`;

const slim = {
  name: "slim",
  setup(bundler) {
    bundler.onResolve({ filter: ABSENT }, ({ path: wanted }) => ({ path: wanted.split("/").pop(), namespace: "absent" }));
    bundler.onLoad({ filter: /./, namespace: "absent" }, ({ path: name }) => ({ contents: `module.exports = { moduleType: "component", name: "${name}" };` }));
    bundler.onLoad({ filter: /plotly\.js.src.*(attributes|attrs|plot_config)[^/\\]*\.js$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replace(DESCRIPTION, 'description: ""'),
    }));
  },
};

const made = await build({
  stdin: { contents: entry, resolveDir: path.dirname(modules), loader: "js" },
  nodePaths: [modules],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  globalName: "Plotly",
  define: { global: "window", "define.amd": "false" },
  loader: { ".css": "empty" }, // of maps; the style of charts is JavaScript
  plugins: [slim],
  target: "es2020",
  legalComments: "inline",
  logLevel: "error",
  outfile: "plotly.js",
});
const { version } = JSON.parse(await readFile(path.join(modules, "plotly.js", "package.json"), "utf8"));
await writeFile(`${out}.part`, `/* plotly.js v${version}, slim: scatter, ${TRACES.join(", ")} (MIT) */\n${made.outputFiles.find((file) => file.path.endsWith(".js")).text}`);
await rename(`${out}.part`, out);
console.log(`${out}: plotly.js ${version}, ${Math.round(made.outputFiles[0].text.length / 1024)} kB`);
