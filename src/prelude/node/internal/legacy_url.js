// The old `url.parse` and `url.format`: basic, without the lenience towards malformed hosts.

const { requireString, coded } = require('quickcuke:errors');

const SLASHED = new Set(['http:', 'https:', 'ftp:', 'gopher:', 'file:', 'ws:', 'wss:']);

function Url() {
  Object.assign(this, {
    protocol: null, slashes: null, auth: null, host: null, port: null, hostname: null, hash: null, search: null,
    query: null, pathname: null, path: null, href: null,
  });
}

function parse(text, parseQuery = false, slashesDenoteHost = false) {
  if (text instanceof Url) return text;
  requireString(text, 'url');
  const url = new Url();
  let rest = text.trim();
  const cut = mark => {
    const at = rest.indexOf(mark);
    if (at === -1) return null;
    const tail = rest.slice(at);
    rest = rest.slice(0, at);
    return tail;
  };
  url.hash = cut('#');
  url.search = cut('?');
  const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.exec(rest);
  if (scheme) {
    url.protocol = scheme[0].toLowerCase();
    rest = rest.slice(scheme[0].length);
  }
  const takesHost = (scheme || slashesDenoteHost) && url.protocol !== 'javascript:' && /^[\\/]{2}/.test(rest);
  if (url.protocol === 'mailto:' && rest.includes('@')) {
    parseAuthority(url, rest);
    rest = '';
  } else if (takesHost) {
    url.slashes = true;
    const [, authority, path] = /^([^/\\]*)([\s\S]*)$/.exec(rest.slice(2));
    rest = path;
    parseAuthority(url, authority);
  }
  if (url.protocol !== null && SLASHED.has(url.protocol)) rest = rest.replaceAll('\\', '/');
  if (rest === '' && url.slashes && SLASHED.has(url.protocol) && url.hostname) rest = '/';
  const escaped = part => part.replace(/[\s"'<>\\^`{|}]/g, mark => encodeURIComponent(mark).replace("'", '%27'));
  url.pathname = rest === '' ? null : escaped(rest);
  if (url.search !== null) url.search = escaped(url.search);
  url.query = url.search === null ? null : url.search.slice(1);
  if (url.pathname !== null || url.search !== null) url.path = `${url.pathname ?? ''}${url.search ?? ''}`;
  url.href = format(url);
  if (parseQuery) {
    url.query = require('node:querystring').parse(url.query ?? '');
  }
  return url;
}

function parseAuthority(url, authority) {
  const at = authority.lastIndexOf('@');
  if (at !== -1) {
    url.auth = decodeURIComponent(authority.slice(0, at));
    authority = authority.slice(at + 1);
  }
  const port = /:(\d*)$/.exec(authority);
  if (port) {
    if (port[1] !== '') url.port = port[1];
    authority = authority.slice(0, -port[0].length);
  }
  if (/[\s<>"`{}|^]/.test(authority)) throw coded(TypeError, 'ERR_INVALID_URL', 'Invalid URL', { input: authority });
  const hostname = authority.toLowerCase();
  url.host = hostname + (url.port === null ? '' : `:${url.port}`);
  url.hostname = hostname.replace(/^\[(.*)\]$/, '$1');
}

function format(target) {
  if (typeof target === 'string') return parse(target).href;
  if (target === null || typeof target !== 'object') throw require('quickcuke:errors').invalidArgType('urlObject', ['Object', 'string'], target);
  let protocol = target.protocol || '';
  if (protocol && !protocol.endsWith(':')) protocol += ':';
  const auth = target.auth ? `${encodeURIComponent(target.auth).replace(/%3A/i, ':')}@` : '';
  let host = null;
  if (target.host) host = auth + target.host;
  else if (target.hostname) host = `${auth}${target.hostname.includes(':') && !target.hostname.startsWith('[') ? `[${target.hostname}]` : target.hostname}${target.port ? `:${target.port}` : ''}`;
  let query = target.query !== null && typeof target.query === 'object' ? require('node:querystring').stringify(target.query) : '';
  let search = target.search || (query && `?${query}`) || '';
  let pathname = target.pathname || '';
  if (target.slashes || (SLASHED.has(protocol) && host !== null)) {
    host = `//${host ?? ''}`;
    if (pathname && !pathname.startsWith('/')) pathname = `/${pathname}`;
  } else host ??= '';
  let hash = target.hash || '';
  if (hash && !hash.startsWith('#')) hash = `#${hash}`;
  if (search && !search.startsWith('?')) search = `?${search}`;
  pathname = pathname.replace(/[?#]/g, mark => encodeURIComponent(mark));
  return `${protocol}${host}${pathname}${search.replaceAll('#', '%23')}${hash}`;
}

function resolve(from, to) {
  const dummy = 'quickcuke-relative://base';
  const isAbsolute = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(from);
  try {
    const resolved = new URL(to, isAbsolute ? from : new URL(from, `${dummy}/`));
    return isAbsolute || !resolved.href.startsWith(dummy) ? resolved.href : resolved.href.slice(from.startsWith('/') ? dummy.length : dummy.length + 1);
  } catch { return to; }
}

Url.prototype.format = function () { return format(this); };
Url.prototype.parse = function (text, query, slashes) { return Object.assign(this, parse(text, query, slashes)); };
Url.prototype.resolve = function (to) { return resolve(this.href, to); };

module.exports = { Url, parse, format, resolve, resolveObject: (from, to) => parse(resolve(from, to)) };
