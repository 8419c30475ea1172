// `node:https`: the client, with TLS.

const http = require('node:http');
const { SecureAgent, client } = require('quickcuke:http_client');

const https = module.exports = { Agent: SecureAgent, globalAgent: new SecureAgent({ keepAlive: true, timeout: 5000 }), createServer: http.createServer, Server: http.Server };
Object.assign(https, client(https));
