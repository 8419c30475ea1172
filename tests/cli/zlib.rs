//! `node:zlib`.

use crate::project::Project;

#[test]
fn what_is_compressed_comes_back() {
    let code = r#"
        import assert from 'node:assert';
        import { promisify } from 'node:util';
        import { pipeline } from 'node:stream/promises';
        import { Readable } from 'node:stream';
        import { text } from 'node:stream/consumers';
        import zlib from 'node:zlib';
        When('it happens', async () => {
          const message = 'some text '.repeat(1000);
          for (const [to, from] of [['gzip', 'gunzip'], ['deflate', 'inflate'], ['deflateRaw', 'inflateRaw'], ['gzip', 'unzip'], ['deflate', 'unzip']]) {
            const packed = zlib[`${to}Sync`](message, { level: 9 });
            assert.ok(packed.length < 200);
            assert.equal(String(zlib[`${from}Sync`](packed)), message);
            assert.equal(String(await promisify(zlib[from])(await promisify(zlib[to])(Buffer.from(message)))), message);
            const name = from[0].toUpperCase() + from.slice(1);
            const stream = zlib[`create${name}`]();
            const [all] = await Promise.all([text(stream), pipeline(Readable.from([packed.subarray(0, 5), packed.subarray(5)]), stream)]);
            assert.equal(all, message);
          }
          // Made by Node: zlib.gzipSync('abc'), twice, and zlib.brotliCompressSync('abc').
          const gzip = Buffer.from('H4sIAAAAAAAAA0tMSgYAwkEkNQMAAAA=', 'base64');
          assert.equal(String(zlib.gunzipSync(Buffer.concat([gzip, gzip]))), 'abcabc');
          assert.equal(String(zlib.brotliDecompressSync(Buffer.from('CwGAYWJjAw==', 'base64'))), 'abc');
          assert.equal(zlib.crc32('abc'), 891568578);
          assert.equal(zlib.crc32('c', zlib.crc32('ab')), 891568578);

          assert.throws(() => zlib.gunzipSync('nonsense'), { code: 'Z_DATA_ERROR', errno: -3, message: 'incorrect header check' });
          assert.throws(() => zlib.gunzipSync(gzip.subarray(0, 12)), { code: 'Z_BUF_ERROR', errno: -5, message: 'unexpected end of file' });
          assert.throws(() => zlib.inflateSync(zlib.deflateSync(Buffer.alloc(1e6)), { maxOutputLength: 1000 }), { code: 'ERR_BUFFER_TOO_LARGE' });
          assert.throws(() => zlib.gzipSync(1), { code: 'ERR_INVALID_ARG_TYPE' });
          assert.throws(() => zlib.brotliCompressSync('a'), /zlib.brotliCompressSync is not available in quickcuke/);
        });
    "#;
    Project::with_step(code).run(&[]).passes();
}
