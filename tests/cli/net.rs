//! `node:net` and `node:tls`: connections that end with their scenario.

use crate::project::Project;
use crate::server::Server;

/// A step of this code, with `listen(onConnection)` and `closed(socket)` to wait for.
fn with_step(code: &str) -> Project {
    Project::with_step(&format!(
        "
        import assert from 'node:assert';
        import net from 'node:net';
        import tls from 'node:tls';
        const listen = (connected) => new Promise((resolve) => {{
          const server = net.createServer(connected).listen(0, '127.0.0.1', () => resolve(server));
        }});
        const closed = (socket) => new Promise((resolve) => socket.on('close', (hadError) => setImmediate(resolve, hadError)));
        const failure = (socket) => new Promise((resolve) => socket.on('error', resolve));
        When('it happens', async () => {{
        {code}
        }});
        "
    ))
}

#[test]
fn both_ends_of_a_connection_tell_what_node_tells() {
    let code = "
        const server = await listen((socket) => socket.pipe(socket));
        const { port } = server.address();
        const socket = net.connect(port, '127.0.0.1');
        assert.deepEqual([socket.connecting, socket.readyState], [true, 'opening']);
        const events = [];
        for (const name of ['connect', 'ready', 'finish', 'end', 'close']) socket.on(name, () => events.push(name));
        let text = '';
        socket.setEncoding('utf8').on('data', (piece) => { text += piece; });
        socket.write('hello ');
        socket.end('world');
        assert.equal(await closed(socket), false);
        assert.deepEqual([text, events], ['hello world', ['connect', 'ready', 'finish', 'end', 'close']]);
        assert.deepEqual([socket.bytesRead, socket.bytesWritten, socket.remotePort], [11, 11, port]);
        assert.equal(await new Promise((resolve) => server.close(resolve)), undefined);
        assert.deepEqual([server.listening, server.address()], [false, null]);

        const counting = await listen((socket) => {
          let count = 0;
          socket.on('data', (piece) => { count += piece.length; }).on('end', () => socket.end(`${count}`));
        });
        const large = net.connect({ port: counting.address().port, host: '127.0.0.1', allowHalfOpen: true });
        large.end(Buffer.alloc(5_000_000));
        let answer = '';
        for await (const piece of large) answer += piece;
        assert.equal(answer, '5000000');

        const silent = net.connect(counting.address().port, '127.0.0.1');
        await new Promise((resolve) => silent.setTimeout(20, resolve));
        silent.destroy(new Error('mine'));
        assert.equal((await failure(silent)).message, 'mine');
    ";
    with_step(code).run(&["--allow-net=127.0.0.1"]).passes();
}

#[test]
fn what_goes_wrong_is_told_as_by_node() {
    let code = "
        const { port } = (await listen()).address();
        const told = async (socket) => { const error = await failure(socket); return { ...error, message: error.message }; };
        assert.deepEqual(await told(net.connect(1, '127.0.0.1')), {
          errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port: 1, message: 'connect ECONNREFUSED 127.0.0.1:1',
        });
        assert.deepEqual(await told(net.createServer().listen(port, '127.0.0.1')), {
          errno: -98, code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port, message: `listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
        });
        assert.equal((await told(net.connect(80, 'nowhere.invalid'))).message, 'getaddrinfo ENOTFOUND nowhere.invalid');
        assert.throws(() => net.connect(99999), { code: 'ERR_SOCKET_BAD_PORT', message: 'Port should be >= 0 and < 65536. Received type number (99999).' });
        assert.throws(() => net.connect({}), { code: 'ERR_MISSING_ARGS' });
        assert.throws(() => net.connect('/a/socket'), /connecting by the path of a socket is not available in quickcuke/);
        assert.deepEqual(['1.2.3.4', '::1', 'a', '1.2.3.256', '01.2.3.4', 'fe80::1%eth0', ''].map(net.isIP), [4, 6, 0, 0, 0, 6, 0]);
    ";
    with_step(code).run(&["--allow-net=127.0.0.1,nowhere.invalid"]).passes();
}

#[test]
fn no_host_is_reached_and_none_served_without_a_grant() {
    let server = Server::new();
    let address = server.address();
    let (host, port) = address.split_once(':').unwrap();
    let code = format!("throw await failure(net.connect({port}, '{host}'));");
    with_step(&code).tell(&[]).fails().explains("it", &format!("pass --allow-net={address}"));
    let code = "throw await failure(net.createServer().listen(0));";
    with_step(code).tell(&["--allow-net=127.0.0.1"]).fails().explains("it", "'localhost:0'");
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_connection_ends_with_its_scenario() {
    let server = Server::new();
    let address = server.address();
    let (host, port) = address.split_once(':').unwrap();
    let code = format!(
        "
        globalThis.kept = net.connect({port}, '{host}');
        await new Promise((resolve) => kept.on('connect', resolve));
        kept.write('GET /never HTTP/1.1\\r\\n\\r\\n');
        net.createServer().listen(0, '{host}');
        "
    );
    with_step(&code).run(&[&format!("--allow-net={host}")]).passes();
    assert!(server.is_left(), "a connection stays open");
}

#[test]
fn a_connection_can_be_secured() {
    let server = Server::with_tls();
    let (_, port) =
        server.url("").rsplit_once(':').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let code = format!(
        "
        assert.match((await failure(tls.connect({port}, '127.0.0.1'))).message, /certificate/);
        const socket = tls.connect({{ port: {port}, host: '127.0.0.1', rejectUnauthorized: false }});
        await new Promise((resolve) => socket.on('secureConnect', resolve));
        assert.deepEqual([socket.encrypted, socket.authorized], [true, false]);
        socket.write('GET /echo HTTP/1.1\\r\\n\\r\\n');
        let text = '';
        for await (const piece of socket) text += piece;
        assert.match(text, /^HTTP\\/1.1 200 OK/);
        assert.throws(() => tls.connect({{ socket }}), /securing a connection that is open already is not available in quickcuke/);
        "
    );
    with_step(&code).run(&["--allow-net"]).passes();
}
