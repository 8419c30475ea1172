//! By what the resolver and the loader look at on the way to a module.

use super::attempts;

/// What must not be read, shown or told from what is not there.
const SECRET: &str = "{ \"compilerOptions\": { \"jsxFactory\": \"classified\" }, \"name\": \"classified\", classified }";

/// Imports a module beside hostile files in the directory for temporary files; gives all that is told.
const IMPORTING: &str = "
    let made = 0;
    const importing = async (files, name = 'm.tsx', text = 'export default () => <a>{undefined.x}</a>;') => {
      const directory = `${os.tmpdir()}/${made++}`;
      fs.mkdirSync(directory);
      for (const [file, content] of Object.entries(files)) {
        const path = `${directory}/${file}`;
        fs.mkdirSync(require('node:path').dirname(path), { recursive: true });
        if (typeof content === 'string') fs.writeFileSync(path, content); else fs.symlinkSync(content.link, path);
      }
      fs.writeFileSync(`${directory}/${name}`, text);
      const told = [];
      const tell = (error) => told.push(String(error?.message), String(error?.stack), util.inspect(error));
      for (const load of [() => import(`${directory}/${name}`), () => require(`${directory}/${name}`)]) {
        try {
          const loaded = await load();
          told.push(String(loaded.default), util.inspect(loaded));
          try { loaded.default(); } catch (error) { tell(error); }
        } catch (error) { tell(error); }
      }
      return told.join('\\n').replaceAll(directory, 'DIR');
    };
";

#[test]
fn files_beside_a_late_module_lead_nowhere_outside() {
    let elsewhere = tempfile::tempdir().unwrap();
    let outside = elsewhere.path().to_str().unwrap();
    // Each path is used once: the resolver remembers what it has seen.
    for number in 0..10 {
        let there = |name: &str| elsewhere.path().join(format!("{name}-{number}"));
        std::fs::write(there("there").with_extension("json"), SECRET).unwrap();
        std::fs::create_dir(there("there")).unwrap();
        for name in ["index.js", "package.json", "tsconfig.json"] {
            std::fs::write(there("there").join(name), SECRET).unwrap();
        }
    }
    let body = format!(
        "
        {IMPORTING}
        const json = JSON.stringify;
        const ways = (name) => [
          [{{ 'tsconfig.json': json({{ extends: name }}) }}],
          [{{ 'tsconfig.json': json({{ extends: [name] }}) }}],
          [{{ 'tsconfig.json': json({{ references: [{{ path: name }}], files: [] }}) }}],
          [{{ 'tsconfig.json': {{ link: name }} }}],
          [{{ 'package.json': {{ link: name }} }}],
          [{{ 'package.json': {{ link: name }} }}, 'm.js', 'export default 1;'],
          [{{ 'tsconfig.json': json({{ compilerOptions: {{ baseUrl: '{outside}', paths: {{ x: [name] }} }} }}) }}, 'm.ts', 'import x from \"x\"; export default x;'],
          [{{ 'node_modules/x': {{ link: name }} }}, 'm.mjs', 'import x from \"x\"; export default x;'],
          [{{ 'node_modules/x/package.json': {{ link: name }}, 'node_modules/x/index.js': '' }}, 'm.cjs', 'require(\"x\");'],
          [{{ 'package.json': json({{ imports: {{ '#x': './x' }} }}), x: {{ link: name }} }}, 'm.mjs', 'import x from \"#x\"; export default x;'],
        ];
        for (const ending of ['.json', '']) {{
          for (const at of ways('').keys()) {{
            const [there, missing] = ['there', 'gone'].map((name) => `{outside}/${{name}}-${{at}}${{ending}}`);
            const told = await importing(...ways(there)[at]);
            assert.ok(!told.includes('classified'), `${{at}} ${{there}}: ${{told}}`);
            // Nor is it told whether there is something.
            const without = await importing(...ways(missing)[at]);
            assert.equal(told.replaceAll(there, 'PATH'), without.replaceAll(missing, 'PATH'), `${{at}} ${{there}}`);
          }}
        }}
        "
    );
    attempts(&[("resolving", &body)]).run(&["--timeout", "60s"]).passes();
}

#[test]
fn a_module_that_became_a_link_is_not_shown_in_errors() {
    let elsewhere = tempfile::tempdir().unwrap();
    let secret = elsewhere.path().join("secret");
    std::fs::write(
        &secret,
        "classified.first.second(); classified(); throw classified;\n".repeat(20),
    )
    .unwrap();
    let body = format!(
        "
        const path = os.tmpdir() + '/m.js';
        fs.writeFileSync(path, 'module.exports = [(x) => x.first(), (x) => x.y.z, (x) => {{ for (const a of x) a; }}, (x) => import(x), (x) => require(x)];');
        const calls = require(path);
        fs.unlinkSync(path);
        fs.symlinkSync('{}', path);
        for (const call of calls) {{
          for (const value of [{{}}, 1, './nothing.js', undefined]) {{
            try {{ await call(value); }} catch (error) {{
              assert.ok(!util.inspect(error).includes('classified') && !error.stack.includes('classified'), error.stack);
            }}
          }}
        }}
        ",
        secret.display()
    );
    attempts(&[("links", &body)]).run(&[]).passes();
}

#[test]
fn configurations_of_the_project_and_its_packages_hold_for_late_modules() {
    let body = "
        assert.equal((await import('../late/m.ts')).default, 'aliased');
        assert.equal(require('late-package'), 'late');
        assert.equal((await import('late-package/sub')).default, 'sub');
        const path = os.tmpdir() + '/own';
        fs.mkdirSync(path);
        fs.writeFileSync(path + '/package.json', JSON.stringify({ type: 'module', imports: { '#x': './x.js' } }));
        fs.writeFileSync(path + '/tsconfig.json', JSON.stringify({ extends: './base.json' }));
        fs.writeFileSync(path + '/base.json', JSON.stringify({ compilerOptions: { jsx: 'react', jsxFactory: 'h' } }));
        fs.writeFileSync(path + '/x.js', 'export default \\'own\\';');
        fs.writeFileSync(path + '/m.tsx', 'import x from \\'#x\\'; const h = (tag) => x + tag; export default <a/>;');
        assert.equal((await import(path + '/m.tsx')).default, 'owna');
        await assert.rejects(import('not-installed'), /Cannot find package|npm install/);
    ";
    attempts(&[("late", body)])
        .file(
            "late/tsconfig.json",
            r#"{ "compilerOptions": { "paths": { "aliased": ["./a.ts"] } } }"#,
        )
        .file("late/a.ts", "export default 'aliased';")
        .file("late/m.ts", "import a from 'aliased'; export default a;")
        .file(
            "node_modules/late-package/package.json",
            r#"{ "exports": { ".": "./i.js", "./sub": "./s.mjs" } }"#,
        )
        .file("node_modules/late-package/i.js", "module.exports = 'late';")
        .file("node_modules/late-package/s.mjs", "export default 'sub';")
        .run(&[])
        .passes();
}
