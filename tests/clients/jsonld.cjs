// Documents in JSON-LD, as npm's jsonld reads them: `node jsonld.cjs NODE_MODULES`.
// Given: {"context": …, "documents": […]}; printed: the N-Quads of each. Nothing is fetched.
const {createRequire} = require("node:module");
const {readFileSync} = require("node:fs");
const jsonld = createRequire(process.argv[2] + "/")("jsonld");

const {context, documents} = JSON.parse(readFileSync(0, "utf8"));
const documentLoader = async (url) => {
  if (!url.endsWith("/context/v1.jsonld")) throw new Error("nothing is fetched: " + url);
  return {contextUrl: null, documentUrl: url, document: context};
};

(async () => {
  const written = [];
  for (const document of documents) {
    written.push(await jsonld.toRDF(document, {format: "application/n-quads", documentLoader}));
  }
  process.stdout.write(JSON.stringify(written));
})();
