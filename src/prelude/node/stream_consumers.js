// `node:stream/consumers`: a whole stream as one value.

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  return Buffer.concat(chunks);
}
const text = async stream => new TextDecoder().decode(await bytesOf(stream));

module.exports = {
  text,
  buffer: bytesOf,
  json: async stream => JSON.parse(await text(stream)),
  async arrayBuffer(stream) {
    const bytes = await bytesOf(stream);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  },
  blob: async stream => new Blob([await bytesOf(stream)]),
};
