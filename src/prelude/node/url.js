// `node:url`: the web's URL classes, file URLs, and the old parse/format.

const { URL, URLSearchParams } = require('quickcuke:whatwg_url');
const { coded, invalidArgType, requireString } = require('quickcuke:errors');
const path = require('node:path');
const legacy = require('quickcuke:legacy_url');

function fileURLToPath(url) {
  if (typeof url === 'string') url = new URL(url);
  else if (!(url instanceof URL)) throw invalidArgType('path', ['string', 'URL'], url);
  if (url.protocol !== 'file:') throw coded(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file');
  if (url.hostname !== '') throw coded(TypeError, 'ERR_INVALID_FILE_URL_HOST', `File URL host must be "localhost" or empty on ${process.platform}`);
  if (/%2f/i.test(url.pathname)) throw coded(TypeError, 'ERR_INVALID_FILE_URL_PATH', 'File URL path must not include encoded / characters');
  return decodeURIComponent(url.pathname);
}

function pathToFileURL(file) {
  requireString(file, 'path');
  let resolved = path.resolve(file);
  if (file.endsWith('/') && !resolved.endsWith('/')) resolved += '/';
  const escaped = resolved.replace(/[%\\\n\r\t?#[\]|^ ]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return new URL(`file://${escaped}`);
}

function urlToHttpOptions(url) {
  const options = { __proto__: null, protocol: url.protocol, hostname: typeof url.hostname !== 'string' ? url.hostname : url.hostname.replace(/^\[(.*)\]$/, '$1'), hash: url.hash, search: url.search, pathname: url.pathname, path: `${url.pathname || ''}${url.search || ''}`, href: url.href };
  if (url.port !== '') options.port = Number(url.port);
  if (url.username || url.password) options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return options;
}

function format(target, options) {
  if (target instanceof URL) {
    const { fragment = true, search = true, auth = true } = options ?? {};
    const copy = new URL(target.href);
    if (!fragment) copy.hash = '';
    if (!search) copy.search = '';
    if (!auth) { copy.username = ''; copy.password = ''; }
    return copy.href;
  }
  return legacy.format(target);
}

const domain = convert => text => { try { return convert(new URL(`http://${text}`).hostname); } catch { return ''; } };

module.exports = {
  URL, URLSearchParams, fileURLToPath, pathToFileURL, urlToHttpOptions, format,
  fileURLToPathBuffer: url => Buffer.from(fileURLToPath(url)),
  parse: legacy.parse, resolve: legacy.resolve, resolveObject: legacy.resolveObject, Url: legacy.Url,
  domainToASCII: domain(host => host),
  domainToUnicode: domain(host => host),
};
