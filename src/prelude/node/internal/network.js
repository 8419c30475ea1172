// What the clients of the network have in common: whom TLS trusts, and what goes wrong as Node tells it.

/** The error of an op as the event `error` has it: code, errno, syscall, address and port. */
function networkError({ message, code, causeMessage = message, causeCode = code }) {
  // A refusal of the sandbox is as it is.
  if (code === 'EACCES' && causeCode === code) return Object.assign(new Error(message), { code });
  const error = new Error(causeMessage);
  if (causeCode !== undefined) error.code = causeCode;
  const errno = require('node:os').constants?.errno?.[causeCode];
  if (errno !== undefined) error.errno = -errno;
  const [, syscall, address, port] = /^(connect|listen) \w+(?::.*)? (\S+):(\d+)$/.exec(causeMessage) ?? [];
  if (syscall) Object.assign(error, { syscall, address, port: Number(port) });
  else if (/^(read|write|shutdown|accept) \w+$/.test(causeMessage)) error.syscall = causeMessage.split(' ')[0];
  const [, hostname] = /^getaddrinfo \w+ ([^:]+)/.exec(causeMessage) ?? [];
  if (hostname) {
    error.message = `getaddrinfo ${causeCode} ${hostname}`;
    Object.assign(error, { syscall: 'getaddrinfo', hostname });
  }
  return error;
}

/** Whom a connection trusts, for the ops: by the options of Node's TLS, or else by the environment. */
function trustOf({ rejectUnauthorized, ca } = {}) {
  const verifies = rejectUnauthorized ?? require('quickcuke:environment').runtimeVariable('NODE_TLS_REJECT_UNAUTHORIZED') !== '0';
  return { anybody: verifies === false, authorities: ca === undefined ? undefined : [ca].flat().map(String).join('\n') };
}

module.exports = { networkError, trustOf };
