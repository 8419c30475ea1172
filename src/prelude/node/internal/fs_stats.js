// What `stat` and `readdir` give back.

const KIND = 0o170000;
const KINDS = { isFile: 0o100000, isDirectory: 0o040000, isSymbolicLink: 0o120000, isFIFO: 0o010000, isSocket: 0o140000, isBlockDevice: 0o060000, isCharacterDevice: 0o020000 };
const TIMES = ['atime', 'mtime', 'ctime', 'birthtime'];

class Stats {
  constructor(numbers) {
    Object.assign(this, numbers);
    for (const name of TIMES) this[name] = new Date(Math.round(numbers[`${name}Ms`]));
  }
}
class BigIntStats {
  constructor(numbers) {
    for (const [name, value] of Object.entries(numbers)) this[name] = BigInt(Math.trunc(value));
    for (const name of TIMES) {
      this[`${name}Ns`] = BigInt(Math.round(numbers[`${name}Ms`] * 1000)) * 1000n;
      this[name] = new Date(Math.round(numbers[`${name}Ms`]));
    }
  }
}
for (const [name, kind] of Object.entries(KINDS)) {
  const test = { [name]() { return (Number(this.mode) & KIND) === kind; } }[name];
  for (const Class of [Stats, BigIntStats]) Object.defineProperty(Class.prototype, name, { value: test, writable: true, configurable: true });
}

class Dirent {
  #kind;
  constructor(name, parentPath, kind) {
    this.name = name;
    this.parentPath = parentPath;
    this.path = parentPath;
    this.#kind = kind;
  }
  isFile() { return this.#kind === 'file'; }
  isDirectory() { return this.#kind === 'directory'; }
  isSymbolicLink() { return this.#kind === 'link'; }
  isFIFO() { return false; }
  isSocket() { return false; }
  isBlockDevice() { return false; }
  isCharacterDevice() { return false; }
}

module.exports = { Stats, BigIntStats, Dirent };
