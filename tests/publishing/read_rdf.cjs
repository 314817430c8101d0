// Reads RDF from standard input by N3.js, or JSON-LD by jsonld-streaming-parser, and writes N-Quads.
// node read_rdf.cjs FOLDER MEDIA-TYPE, where FOLDER holds node_modules.
const [folder, mediaType] = process.argv.slice(2);
const load = require('module').createRequire(`${folder}/node_modules/`);
const { StreamParser, StreamWriter } = load('n3');

function makeParser() {
  if (mediaType !== 'application/ld+json') return new StreamParser({ format: mediaType });
  const { JsonLdParser } = load('jsonld-streaming-parser');
  return new JsonLdParser({ documentLoader: { load: refuse } });
}

function refuse(url) {
  throw new Error(`${url} is not in the document`);
}

function stop(error) {
  console.error(error.message);
  process.exit(1);
}

const parser = makeParser().on('error', stop);
const writer = new StreamWriter({ format: 'application/n-quads' }).on('error', stop);
process.stdin.pipe(parser).pipe(writer).pipe(process.stdout);
