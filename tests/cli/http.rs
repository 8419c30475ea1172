//! `node:http` and `node:https`: the client that packages for HTTP build on.

use crate::project::Project;
use crate::server::Server;

/// A project whose step runs this code with `answer(path, options, body)`, of the server, as [response, text].
fn asking(server: &Server, code: &str) -> Project {
    let base = server.url("");
    Project::with_step(&format!(
        "
        import assert from 'node:assert';
        import http from 'node:http';
        import https from 'node:https';
        const url = (path) => '{base}' + path;
        const answer = (path, options = {{}}, body = undefined) => new Promise((resolve, reject) => {{
          const module = url('').startsWith('https') ? https : http;
          const request = module.request(url(path), options, (response) => {{
            let text = '';
            response.setEncoding('utf8').on('data', (chunk) => {{ text += chunk; }}).on('error', reject)
              .on('end', () => resolve([response, text]));
          }});
          request.on('error', reject).end(body);
        }});
        When('it happens', async () => {{
        {code}
        }});
        "
    ))
}

/// The code runs well where the server is granted.
fn passes(code: &str) {
    let server = Server::new();
    asking(&server, code).run(&["--allow-net=127.0.0.1"]).passes();
    assert!(server.is_left(), "a connection stays open");
}

#[test]
fn a_request_is_sent_as_it_was_made() {
    passes(
        "
        const echo = async (...args) => JSON.parse((await answer(...args))[1]);
        const got = await echo('/echo/a?b=c');
        assert.deepEqual([got.method, got.path, got.body], ['GET', '/echo/a?b=c', '']);
        assert.equal(got.headers['user-agent'], undefined);
        const posted = await echo('/echo', { method: 'post', headers: { 'X-One': 1, cookie: ['a=1', 'b=2'] }, auth: 'me:secret' }, 'some text');
        assert.deepEqual([posted.method, posted.body, posted.headers['x-one'], posted.headers['content-length']], ['POST', 'some text', '1', '9']);
        assert.equal(posted.headers.authorization, 'Basic bWU6c2VjcmV0');

        const request = http.request({ ...new URL(url('/')), host: '127.0.0.1', port: new URL(url('/')).port, path: '/echo', method: 'PUT' });
        request.setHeader('X-Two', ['a', 'b']);
        assert.deepEqual([request.getHeader('x-two'), request.getHeaderNames()], [['a', 'b'], ['host', 'x-two']]);
        request.write('one ');
        request.write(Buffer.from('two '));
        const [response] = await Promise.all([new Promise((resolve) => request.on('response', resolve)), request.end('three')]);
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        assert.equal(JSON.parse(Buffer.concat(chunks)).body, 'one two three');
        assert.throws(() => request.setHeader('a', 'b'), { code: 'ERR_HTTP_HEADERS_SENT' });
        ",
    );
}

#[test]
fn an_answer_is_told_as_by_node() {
    passes(
        "
        const [cookies] = await answer('/cookies');
        assert.deepEqual(cookies.headers['set-cookie'], ['a=1', 'b=2, 3']);
        assert.deepEqual(cookies.rawHeaders.slice(0, 4), ['set-cookie', 'a=1', 'set-cookie', 'b=2, 3']);
        assert.deepEqual([cookies.statusCode, cookies.statusMessage, cookies.httpVersion, cookies.complete], [200, 'OK', '1.1', true]);
        assert.deepEqual((await answer('/pieces'))[1], 'onetwothree');
        const [moved, text] = await answer('/redirect/302?/echo');
        assert.deepEqual([moved.statusCode, moved.headers.location, text], [302, '/echo', 'moved']);
        assert.equal((await answer('/echo', { method: 'HEAD' }))[1], '');
        const [zipped] = await answer('/compressed/gzip');
        assert.equal(zipped.headers['content-encoding'], 'gzip', 'left as it is');

        const events = [];
        await new Promise((resolve) => {
          const request = http.get(url('/echo'));
          for (const name of ['socket', 'finish', 'response', 'close']) request.on(name, () => events.push(name));
          request.on('response', (response) => response.resume().on('end', () => events.push('end')));
          request.on('close', () => setImmediate(resolve));
        });
        assert.deepEqual(events, ['socket', 'finish', 'response', 'end', 'close']);
        ",
    );
}

#[test]
fn a_request_ends_early_when_it_is_destroyed() {
    passes(
        "
        const failure = (request) => new Promise((resolve) => request.on('error', resolve));
        const timed = http.get(url('/never'), { timeout: 20 });
        timed.on('timeout', () => timed.destroy(new Error('mine')));
        assert.equal((await failure(timed)).message, 'mine');
        const destroyed = http.get(url('/never'));
        setTimeout(() => destroyed.destroy(), 20);
        assert.deepEqual({ ...(await failure(destroyed)) }, { code: 'ECONNRESET' });
        assert.equal((await failure(http.get(url('/never'), { signal: AbortSignal.timeout(20) }))).name, 'AbortError');
        const endless = await new Promise((resolve) => http.get(url('/endless'), resolve));
        await new Promise((resolve) => endless.once('data', resolve));
        endless.destroy();
        const broken = await answer('/broken').catch((error) => error);
        assert.deepEqual([broken.code, broken.message], ['ECONNRESET', 'aborted']);
        ",
    );
}

#[test]
fn what_cannot_be_asked_says_why() {
    passes(
        "
        const refused = url('/').replace(/\\d+\\/$/, '1/');
        const error = await new Promise((resolve) => http.get(refused).on('error', resolve));
        assert.deepEqual({ ...error, message: error.message }, {
          errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port: 1, message: 'connect ECONNREFUSED 127.0.0.1:1',
        });
        assert.throws(() => http.get('ftp://x/'), { code: 'ERR_INVALID_PROTOCOL', message: 'Protocol \"ftp:\" not supported. Expected \"http:\"' });
        assert.throws(() => http.get(url('/'), { headers: { 'a b': 1 } }), { code: 'ERR_INVALID_HTTP_TOKEN' });
        assert.throws(() => http.get({ path: '/a b' }), { code: 'ERR_UNESCAPED_CHARACTERS' });
        assert.throws(() => http.get({ socketPath: '/s' }), /node:http: the option socketPath is not available in quickcuke/);
        assert.throws(() => http.createServer(), /node:http.createServer is not available in quickcuke: nobody can connect to a sandbox; a server that is needed runs as a command/);
        ",
    );
}

#[test]
fn a_host_that_is_not_granted_is_refused() {
    let server = Server::new();
    let refusal = format!("pass --allow-net={}", server.address());
    asking(&server, "await answer('/echo');").tell(&[]).fails().explains("it", &refusal);
    assert_eq!(server.requests(), 0);
}

#[test]
fn whose_certificate_is_trusted_can_be_said() {
    let server = Server::with_tls();
    let authority = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/cli/tls/authority.pem"
    ));
    let code = format!(
        "
        await assert.rejects(answer('/echo'), /certificate/);
        const anybody = {{ agent: new https.Agent({{ rejectUnauthorized: false }}) }};
        const mine = {{ ca: `{}` }};
        for (const options of [{{ rejectUnauthorized: false }}, anybody, mine]) assert.equal((await answer('/echo', options))[0].statusCode, 200);
        await assert.rejects(answer('/echo', {{ ca: 'nonsense' }}), /ca: not certificates in PEM|certificate/);
        process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
        assert.equal((await answer('/echo'))[0].statusCode, 200);
        assert.equal((await fetch(url('/echo'))).status, 200);
        ",
        authority.unwrap()
    );
    asking(&server, &code).run(&["--allow-net"]).passes();
}

#[test]
fn modules_that_are_not_there_say_so_when_they_are_used() {
    let code = "
        import vm, { createContext } from 'node:vm';
        import { lookup } from 'dns';
        import { Worker } from 'worker_threads';
        import http2 from 'http2';
        import assert from 'node:assert';
        class Extended extends http2.Http2ServerRequest {}
        When('it happens', () => {
          for (const [use, message] of [
            [() => lookup('a'), 'node:dns.lookup is not available in quickcuke: names are looked up when a request is made'],
            [() => new Extended(), 'node:http2.Http2ServerRequest is not available in quickcuke: quickcuke speaks HTTP/1.1'],
            [() => createContext(), 'node:vm.createContext is not available in quickcuke: a scenario has one context'],
            [() => new Worker('x'), 'node:worker_threads.Worker is not available in quickcuke: a session is one thread'],
          ]) assert.throws(use, (error) => error.message.startsWith(message) && error.code === 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM');
          assert.equal(vm.runInThisContext('1 + 1'), 2);
        });
    ";
    Project::with_step(code).run(&[]).passes();
}

#[test]
fn another_protocol_takes_over_the_connection() {
    passes(
        "
        const { default: net } = await import('node:net');
        const answers = ['HTTP/1.1 101 Switching\\r\\nUpgrade: echo\\r\\n\\r\\nfirst', 'HTTP/1.1 403 No\\r\\n\\r\\n', 'nonsense\\r\\n\\r\\n', ''];
        let asked = '';
        const server = net.createServer((socket) => socket.once('data', (head) => {
          asked ||= head.toString();
          const answer = answers.shift();
          if (answer === '') socket.end(); else socket.write(answer);
          socket.pipe(socket);
        }));
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address();
        const ask = () => http.get({ host: '127.0.0.1', port, path: '/a', headers: { Connection: 'Upgrade', Upgrade: 'echo' } });

        const [response, socket, head] = await new Promise((resolve, reject) => ask().on('upgrade', (...all) => resolve(all)).on('error', reject));
        assert.equal(asked, `GET /a HTTP/1.1\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\nHost: 127.0.0.1:${port}\\r\\n\\r\\n`);
        assert.deepEqual([response.statusCode, response.headers.upgrade, String(head)], [101, 'echo', 'first']);
        socket.write('text');
        assert.equal(String(await new Promise((resolve) => socket.once('data', resolve))), 'text');
        socket.destroy();
        assert.equal((await new Promise((resolve) => ask().on('response', resolve))).statusCode, 403);
        assert.match((await new Promise((resolve) => ask().on('error', resolve))).message, /^Parse Error/);
        assert.equal((await new Promise((resolve) => ask().on('error', resolve))).message, 'socket hang up');
        server.close();
        ",
    );
}
