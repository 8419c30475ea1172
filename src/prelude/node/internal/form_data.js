// FormData, and how it is sent.

const { Blob, File } = require('quickcuke:blob');

const entryOf = (value, filename) => {
  if (!(value instanceof Blob)) return `${value}`.toWellFormed();
  if (value instanceof File && filename === undefined) return value;
  return new File([value], filename === undefined ? 'blob' : `${filename}`, { type: value.type });
};

class FormData {
  #entries = [];

  append(name, value, filename) { this.#entries.push([`${name}`, entryOf(value, filename)]); }
  set(name, value, filename) {
    const at = this.#entries.findIndex(([key]) => key === `${name}`);
    this.#entries = this.#entries.filter(([key]) => key !== `${name}`);
    this.#entries.splice(at === -1 ? this.#entries.length : at, 0, [`${name}`, entryOf(value, filename)]);
  }
  get(name) { return this.#entries.find(([key]) => key === `${name}`)?.[1] ?? null; }
  getAll(name) { return this.#entries.filter(([key]) => key === `${name}`).map(([, value]) => value); }
  has(name) { return this.#entries.some(([key]) => key === `${name}`); }
  delete(name) { this.#entries = this.#entries.filter(([key]) => key !== `${name}`); }
  forEach(callback, receiver) { for (const [name, value] of this) callback.call(receiver, value, name, this); }
  *entries() { for (const [name, value] of this.#entries) yield [name, value]; }
  *keys() { for (const [name] of this.#entries) yield name; }
  *values() { for (const [, value] of this.#entries) yield value; }
  get [Symbol.toStringTag]() { return 'FormData'; }
}
Object.defineProperty(FormData.prototype, Symbol.iterator, { value: FormData.prototype.entries, writable: true, configurable: true });

/** The form as a Blob of multipart/form-data. */
function multipart(form) {
  const boundary = `----quickcuke-${internal.ops.text_decode(internal.ops.random_bytes(12), 'hex')}`;
  const quoted = text => text.replace(/\r\n?|\n/g, '%0D%0A').replaceAll('"', '%22');
  const parts = [];
  for (const [name, value] of form) {
    const isFile = value instanceof Blob;
    const file = isFile ? `; filename="${quoted(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}` : '';
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${file}\r\n\r\n`);
    parts.push(isFile ? value : value.replace(/\r\n?|\n/g, '\r\n'), '\r\n');
  }
  parts.push(`--${boundary}--\r\n`);
  return { type: `multipart/form-data; boundary=${boundary}`, blob: new Blob(parts) };
}

module.exports = { FormData, multipart };
