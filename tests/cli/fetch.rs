//! `fetch`, and which hosts it reaches.

use crate::project::Project;
use crate::server::Server;

/// A project whose step runs this code with `url(path)` of the server.
fn asking(server: &Server, code: &str) -> Project {
    let base = server.url("");
    Project::with_step(&format!(
        "
        import assert from 'node:assert';
        const url = (path) => '{base}' + path;
        When('it happens', async () => {{
        {code}
        }});
        "
    ))
}

/// The code runs well where the server is granted.
fn passes(code: &str) {
    let server = Server::new();
    asking(&server, code).run(&[&format!("--allow-net={}", server.address())]).passes();
}

#[test]
fn a_request_is_sent_as_it_was_made() {
    passes(
        "
        const echo = async (...args) => (await fetch(...args)).json();
        const got = await echo(url('/echo/a%20b?c=d#e'));
        assert.equal(got.method, 'GET');
        assert.equal(got.path, '/echo/a%20b?c=d');
        assert.equal(got.headers.accept, '*/*');
        assert.match(got.headers['user-agent'], /^quickcuke/);
        assert.equal(got.headers['content-length'], undefined);

        const text = await echo(url('/echo'), { method: 'post', headers: { 'X-One': '1' }, body: 'ü' });
        assert.deepEqual([text.method, text.body, text.headers['x-one']], ['POST', 'ü', '1']);
        assert.equal(text.headers['content-type'], 'text/plain;charset=UTF-8');
        assert.equal((await echo(url('/echo'), { method: 'PUT' })).headers['content-length'], '0');

        const form = await echo(url('/echo'), { method: 'PATCH', body: new URLSearchParams({ a: 'b c' }) });
        assert.deepEqual([form.body, form.headers['content-type']], ['a=b+c', 'application/x-www-form-urlencoded;charset=UTF-8']);

        const bytes = await echo(new Request(url('/echo'), { method: 'DELETE', body: new Uint8Array([65, 66]).subarray(1), headers: [['a', 'b']] }));
        assert.deepEqual([bytes.method, bytes.body, bytes.headers.a], ['DELETE', 'B', 'b']);

        const data = new FormData();
        data.append('name', 'value');
        data.append('file', new File(['text'], 'a.txt', { type: 'text/plain' }));
        const multipart = await echo(url('/echo'), { method: 'POST', body: data });
        const [, boundary] = multipart.headers['content-type'].match(/^multipart\\/form-data; boundary=(.+)$/);
        assert.equal(multipart.body, `--${boundary}\\r\\nContent-Disposition: form-data; name=\"name\"\\r\\n\\r\\nvalue\\r\\n`
          + `--${boundary}\\r\\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\\r\\nContent-Type: text/plain\\r\\n\\r\\ntext\\r\\n`
          + `--${boundary}--\\r\\n`);

        async function* pieces() { yield 'a'; yield new Uint8Array([66]); }
        assert.equal((await echo(url('/echo'), { method: 'POST', body: pieces() })).body, 'aB');
        ",
    );
}

#[test]
fn an_answer_is_read_as_it_came() {
    passes(
        "
        const missing = await fetch(url('/status/404'));
        assert.deepEqual([missing.status, missing.statusText, missing.ok, missing.redirected], [404, 'Because', false, false]);
        assert.equal(missing.url, url('/status/404'));
        const bytes = await fetch(url('/bytes'));
        const copy = bytes.clone();
        assert.deepEqual([...await bytes.bytes()], Array.from({ length: 256 }, (_, byte) => byte));
        assert.equal((await copy.arrayBuffer()).byteLength, 256);
        assert.equal(bytes.bodyUsed, true);
        await assert.rejects(bytes.text(), { name: 'TypeError', message: 'Body is unusable: Body has already been read' });
        assert.equal(await (await fetch(url('/pieces'))).text(), 'onetwothree');
        let pieces = '';
        for await (const piece of (await fetch(url('/pieces'))).body) pieces += new TextDecoder().decode(piece);
        assert.equal(pieces, 'onetwothree');
        const cookies = await fetch(url('/cookies'));
        assert.deepEqual(cookies.headers.getSetCookie(), ['a=1', 'b=2, 3']);
        assert.equal(cookies.headers.get('Content-Length'), '0');
        assert.equal((await fetch(url('/echo'), { method: 'HEAD' })).body, null);
        // Headers come before an endless body, and it need not be read to its end.
        const endless = await fetch(url('/endless'));
        for await (const piece of endless.body) { assert.equal(piece[0], 120); break; }
        ",
    );
}

#[test]
fn redirects_are_followed_as_asked() {
    passes(
        "
        const followed = await fetch(url('/redirect/302?/echo/x'), { method: 'POST', body: 'x' });
        assert.deepEqual([followed.url, followed.redirected], [url('/echo/x'), true]);
        const got = await followed.json();
        assert.deepEqual([got.method, got.body, got.headers['content-type']], ['GET', '', undefined]);
        const kept = await (await fetch(url('/redirect/307?/echo'), { method: 'POST', body: 'x' })).json();
        assert.deepEqual([kept.method, kept.body], ['POST', 'x']);
        const manual = await fetch(url('/redirect/301?/echo'), { redirect: 'manual' });
        assert.deepEqual([manual.status, manual.headers.get('location')], [301, '/echo']);
        await assert.rejects(fetch(url('/redirect/301?/echo'), { redirect: 'error' }), { name: 'TypeError', message: /redirect: 'error'/ });
        await assert.rejects(fetch(url('/redirect/301?/redirect/301?x')), { name: 'TypeError' });
        ",
    );
}

#[test]
fn what_goes_wrong_is_told() {
    let server = Server::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let code = format!(
        "
        await assert.rejects(fetch('http://{free}/a'), (error) => {{
          assert.equal(error.message, 'fetch failed: GET http://{free}/a: connect ECONNREFUSED {free}');
          assert.ok(error instanceof TypeError);
          assert.equal(error.cause.code, 'ECONNREFUSED');
          return true;
        }});
        await assert.rejects(fetch('http://nowhere.invalid/'), {{ name: 'TypeError', message: /getaddrinfo ENOTFOUND nowhere.invalid/ }});
        await assert.rejects((await fetch(url('/broken'))).text(), {{ name: 'TypeError', message: /fetch failed: reading the body/ }});
        for (const [input, init, message] of [
          ['nope', {{}}, /Failed to parse URL from nope/],
          ['ftp://127.0.0.1/', {{}}, /only http and https are known, not ftp/],
          [url('/').replace('//', '//user:word@'), {{}}, /includes credentials/],
          [url('/'), {{ method: 'TRACE' }}, /not a valid HTTP method/],
          [url('/'), {{ body: 'x' }}, /GET\\/HEAD method cannot have body/],
          [url('/'), {{ headers: {{ 'a b': 'c' }} }}, /invalid header name/],
          [url('/'), {{ headers: {{ a: 'b\\nc: d' }} }}, /invalid value of header/],
          [url('/'), {{ redirect: 'never' }}, /'never' is not one of follow, error, manual/],
        ]) await assert.rejects(fetch(input, init), {{ name: 'TypeError', message }});
        "
    );
    asking(&server, &code).run(&["--allow-net"]).passes();
}

#[test]
fn a_request_can_be_given_up() {
    let server = Server::new();
    let code = "
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 20);
        await assert.rejects(fetch(url('/never'), { signal: controller.signal }), { name: 'AbortError' });
        await assert.rejects(fetch(url('/never'), { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' });
        await assert.rejects(fetch(url('/never'), { signal: AbortSignal.abort(new Error('mine')) }), { message: 'mine' });
        const late = new AbortController();
        const endless = await fetch(url('/endless'), { signal: late.signal });
        setTimeout(() => late.abort(), 20);
        await assert.rejects(endless.text(), { name: 'AbortError' });
    ";
    let run = asking(&server, code).run(&["--allow-net"]);
    assert!(server.is_left(), "a connection is still open");
    run.passes();
}

#[test]
fn a_request_ends_with_its_scenario() {
    let server = Server::new();
    let code = "
        globalThis.kept = fetch(url('/endless'));
        void fetch(url('/never'));
        await globalThis.kept;
    ";
    let project = asking(&server, code).file(
        "steps/later.ts",
        &"
        import { After } from 'quickcuke';
        After(async ({ pickle }) => {
          if (pickle.name !== 'later') return;
          // Its own connection is one.
          while (await (await fetch('URL/open')).text() !== '1') await new Promise((resolve) => setTimeout(resolve, 10));
          console.log('closed');
        });
        "
        .replace("URL", &server.url("")),
    );
    project.run(&["--allow-net"]).passes().prints("closed");
}

#[test]
fn hosts_are_granted_one_by_one() {
    let (server, other) = (Server::new(), Server::new());
    let project = asking(&server, "console.log('status', (await fetch(url('/echo'))).status);");
    let (address, port) = (server.address(), server.port());
    for grant in [
        format!("--allow-net={address}"),
        "--allow-net=127.0.0.1".to_owned(),
        "--allow-net=a.b,127.0.0.1".to_owned(),
        "--allow-net".to_owned(),
        "--trust".to_owned(),
    ] {
        project.run(&[&grant]).passes().prints("status 200");
    }
    let requests = server.requests();
    let refusal = format!(
        "EACCES: permission denied, connect '{address}'; the sandbox does not let it be reached: add \"{address}\" to \
         `[sandbox] net = […]` in quickcuke.toml, or pass --allow-net={address}"
    );
    for grants in [
        &[][..],
        &["--allow-net=localhost"],
        &[format!("--allow-net=localhost:{port}").as_str()],
        &[format!("--allow-net={}", other.address()).as_str()],
        &["--allow-read", "--allow-write", "--allow-env"],
    ] {
        project.tell(grants).fails().explains("it", &refusal);
    }
    assert_eq!(server.requests(), requests, "a request was sent all the same");
    let toml = format!("[sandbox]\nnet = ['{address}']\n");
    project.file("quickcuke.toml", &toml).run(&[]).passes().prints("status 200");
}

#[test]
fn a_redirect_leads_to_no_other_host() {
    let (server, other) = (Server::new(), Server::new());
    let code = format!(
        "
        const options = {{ headers: {{ authorization: 'secret', cookie: 'secret', other: 'kept' }} }};
        const {{ headers }} = await (await fetch(url('/redirect/302?{}'), options)).json();
        console.log('told', headers.authorization, headers.cookie, headers.other);
        ",
        other.url("/echo")
    );
    let project = asking(&server, &code);
    let grant = format!("--allow-net={}", server.address());
    let refusal = format!("pass --allow-net={}", other.address());
    project.tell(&[&grant]).fails().explains("it", &refusal);
    assert_eq!(other.requests(), 0);
    project
        .run(&[&grant, &format!("--allow-net={}", other.address())])
        .passes()
        .prints("told undefined undefined kept");
}

#[test]
fn certificates_are_looked_at() {
    let server = Server::with_tls();
    let code = "
        for (const host of ['127.0.0.1', 'localhost']) {
          const { path } = await (await fetch(url('/echo/tls').replace('127.0.0.1', host))).json();
          console.log('path', path);
        }
    ";
    asking(&server, code).tell(&["--allow-net"]).fails().explains(
        "it",
        "an authority of your own is trusted when NODE_EXTRA_CA_CERTS names the file",
    );
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/tls/authority.pem");
    let project = asking(&server, code).env("NODE_EXTRA_CA_CERTS", authority);
    project.run(&["--allow-net"]).passes().prints("path /echo/tls");
    asking(&server, code)
        .env("NODE_EXTRA_CA_CERTS", "/nowhere.pem")
        .tell(&["--allow-net"])
        .fails()
        .explains("it", "NODE_EXTRA_CA_CERTS: /nowhere.pem cannot be used");
}

#[test]
fn a_body_is_decompressed() {
    passes(
        "
        for (const encoding of ['gzip', 'deflate']) {
          const answer = await fetch(url('/compressed/' + encoding));
          assert.equal(answer.headers.get('content-encoding'), encoding);
          assert.equal(await answer.text(), 'text '.repeat(1000));
        }
        const { headers } = await (await fetch(url('/echo'))).json();
        assert.equal(headers['accept-encoding'], 'gzip, deflate, br');
        await assert.rejects((await fetch(url('/compressed/nonsense'))).text(), /fetch failed: the body cannot be decompressed/);
        ",
    );
}
