//! Escapes from mounts, on each way to walk a path.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// `project/` at `/data` with everything allowed, and `project/open` at `/shown`, read-only.
fn on_each_walk(test: impl Fn(&Fixture)) {
    for walk in [place::Walk::new(), place::Walk::by_steps()] {
        let mut fixture = Fixture::with(|root| Grants {
            mounts: vec![
                mount(root, "project", "/data").with(Permissions::READ_WRITE),
                mount(root, "project/open", "/shown"),
            ],
            ..Grants::default()
        });
        Rc::get_mut(&mut fixture.host).expect("nobody else has it").access.get_mut().walk = walk;
        test(&fixture);
    }
}

fn mount(root: &Path, directory: &str, guest: &str) -> Mount {
    Mount::new(directory, guest).found(root).unwrap()
}

fn link(fixture: &Fixture, name: &str, target: &str) {
    let path = fixture.root.path().join("project").join(name);
    std::os::unix::fs::symlink(target, path).unwrap();
}

/// What reads, writes, lists and changes what is at a path.
fn attempts(path: &str) -> Vec<(&'static str, Vec<OpValue>)> {
    let (null, yes) = (OpValue::Null, OpValue::Bool(true));
    let below = |name: &str| text(&format!("{path}/{name}"));
    vec![
        ("fs_read_file", vec![text(path)]),
        ("fs_write_file", write(path).to_vec()),
        ("fs_open", vec![text(path), text("r"), null.clone()]),
        ("fs_open", vec![text(path), text("a+"), null]),
        ("fs_stat", vec![text(path), yes.clone()]),
        ("fs_readdir", vec![text(path)]),
        ("fs_realpath", vec![text(path)]),
        ("fs_access", vec![text(path)]),
        ("fs_chmod", vec![text(path), OpValue::Number(0.0)]),
        ("fs_truncate", vec![text(path), OpValue::Number(0.0)]),
        ("fs_copy_file", vec![text(path), text("/data/copy")]),
        ("fs_copy_file", vec![text("/data/a.txt"), text(path)]),
        ("fs_read_file", vec![below("secret.txt")]),
        ("fs_write_file", write(&format!("{path}/new")).to_vec()),
        ("fs_mkdir", vec![below("a/b"), yes.clone()]),
        ("fs_rm", vec![below("secret.txt"), yes]),
        ("fs_unlink", vec![below("secret.txt")]),
        ("fs_rename", vec![below("secret.txt"), text("/data/stolen")]),
        ("fs_rename", vec![text("/data/a.txt"), below("secret.txt")]),
        ("fs_link", vec![below("secret.txt"), text("/data/stolen")]),
        ("fs_symlink", vec![text("/x"), below("link")]),
        ("process_chdir", vec![text(path)]),
    ]
}

fn is_untouched(fixture: &Fixture) {
    let outside = fixture.root.path().join("outside");
    assert_eq!(std::fs::read_to_string(outside.join("secret.txt")).unwrap(), "secret");
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 1);
    let inside = fixture.root.path().join("project/a.txt");
    assert_eq!(std::fs::read_to_string(inside).unwrap(), "inside");
}

#[test]
fn no_path_leads_out_of_a_mount() {
    on_each_walk(|fixture| {
        let outside = fixture.path("outside");
        link(fixture, "absolute", &outside);
        link(fixture, "relative", "../outside");
        link(fixture, "file", &format!("{outside}/secret.txt"));
        link(fixture, "deep", "open/../../outside");
        link(fixture, "chain", "relative");
        link(fixture, "process", "/proc/self/root");
        link(fixture, "descriptors", "/proc/self/fd");
        // Leads into the guest's own directory for temporary files, where nothing of the kind is.
        for path in [&outside, "/data/absolute", "/data/file"] {
            for (op, args) in
                [("fs_read_file", path.to_owned() + "/secret.txt"), ("fs_readdir", path.to_owned())]
            {
                let error = fixture.call(op, &[text(&args)]).unwrap_err();
                assert_eq!(error.code.as_deref(), Some("ENOENT"), "{op} {args}");
            }
        }
        let paths = [
            "/data/../outside",
            "/data/open/../../../../outside",
            "/outside",
            "/data/relative",
            "/data/deep",
            "/data/chain",
            "/data/process",
            "/data/descriptors",
            "/data/relative/../outside",
            "/proc/self/root",
            "/proc/self/environ",
            "/proc/self/cwd",
            "/etc/passwd",
        ];
        for (op, args) in paths.into_iter().flat_map(attempts) {
            let error = fixture.call(op, &args).expect_err("what is outside is not reached");
            let code = error.code.as_deref();
            // Before anything is told of what is there, and what is at none of the guest's paths.
            assert_eq!(code, Some("EACCES"), "{op} {args:?}: {}", error.message);
        }
        is_untouched(fixture);
    });
}

#[test]
fn links_are_followed_in_the_guest_s_tree() {
    on_each_walk(|fixture| {
        link(fixture, "absolute", "/data/a.txt");
        link(fixture, "relative", "open/../a.txt");
        link(fixture, "across", "/shown");
        std::fs::write(fixture.root.path().join("project/open/b.txt"), "b").unwrap();
        let inside = Ok(OpValue::Bytes(b"inside".to_vec()));
        for path in ["/data/absolute", "/data/relative", "/shown/../data/a.txt", "/../data/a.txt"] {
            assert_eq!(fixture.call("fs_read_file", &[text(path)]), inside, "{path}");
            assert_eq!(fixture.call("fs_realpath", &[text(path)]), Ok(text("/data/a.txt")));
        }
        // Through the link it is as read-only as the mount that it leads to.
        assert_eq!(
            fixture.call("fs_realpath", &[text("/data/across/b.txt")]),
            Ok(text("/shown/b.txt"))
        );
        fixture.refusal("fs_write_file", &write("/data/across/b.txt"));
        fixture.call("fs_write_file", &write("/data/open/b.txt")).unwrap();
        // What the guest links is for the guest: it leads nowhere on the host, and the other way round.
        fixture.call("fs_symlink", &[text("/outside"), text("/data/mine")]).unwrap();
        fixture.refusal("fs_readdir", &[text("/data/mine")]);
        assert_eq!(fixture.call("fs_readlink", &[text("/data/mine")]), Ok(text("/outside")));
    });
}

#[test]
fn no_race_leads_out_of_a_mount() {
    on_each_walk(|fixture| {
        let root = fixture.root.path().to_owned();
        let project = root.join("project");
        std::fs::create_dir(project.join("real")).unwrap();
        std::fs::write(project.join("real/secret.txt"), "inside").unwrap();
        link(fixture, "link", &fixture.path("outside"));
        let is_over = AtomicBool::new(false);
        let mut answers = [0; 2];
        std::thread::scope(|scope| {
            scope.spawn(|| {
                use rustix::fs::{CWD, RenameFlags, renameat_with};
                while !is_over.load(Ordering::Relaxed) {
                    let (one, other) = (project.join("real"), project.join("link"));
                    renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE).unwrap();
                }
            });
            for round in 0..10_000 {
                let answer = fixture.call("fs_read_file", &[text("/data/real/secret.txt")]);
                match answer {
                    Ok(bytes) => {
                        assert_eq!(bytes, OpValue::Bytes(b"inside".to_vec()));
                        answers[0] += 1;
                    }
                    Err(error) => {
                        let codes = ["EACCES", "ELOOP", "ENOTDIR", "ENOENT"];
                        assert!(codes.contains(&error.code.as_deref().unwrap()), "{error:?}");
                        answers[1] += 1;
                    }
                }
                let file = format!("/data/real/{}", round % 100);
                let _ = fixture.call("fs_write_file", &write(&file));
                let _ = fixture.call("fs_unlink", &[text(&file)]);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        assert!(answers[0] > 0, "nothing was ever read");
        is_untouched(fixture);
    });
}

#[test]
fn a_mount_of_the_root_leaves_out_what_the_kernel_shows_of_processes() {
    let fixture = Fixture::with(|root| Grants {
        mounts: vec![mount(root, "/", "/host").with(Permissions::READ_WRITE)],
        ..Grants::default()
    });
    for path in ["/host/proc/self/environ", "/host/proc/self/root/etc/passwd", "/host/sys/kernel"] {
        let error = fixture.refusal("fs_read_file", &[text(path)]);
        assert!(error.message.starts_with(&format!("EACCES: permission denied, open '{path}'")));
    }
    assert_eq!(fixture.call("fs_exists", &[text("/host/dev/null")]), Ok(OpValue::Bool(true)));
    fixture
        .call("fs_read_file", &[text(&format!("/host{}", fixture.path("project/a.txt")))])
        .unwrap();
}

#[test]
fn a_mount_stays_where_it_is() {
    let fixture = Fixture::with(|root| Grants {
        mounts: vec![
            mount(root, "project", "/data").with(Permissions::READ_WRITE),
            mount(root, "project/open", "/data/open").with(Permissions::NONE),
            mount(root, "outside", "/data/new/inner").with(Permissions::READ_WRITE),
        ],
        ..Grants::default()
    });
    std::fs::create_dir(fixture.root.path().join("project/new")).unwrap();
    let code = |op, args: &[OpValue]| fixture.call(op, args).unwrap_err().code.unwrap();
    let all = OpValue::Bool(true);
    for path in ["/data", "/data/new", "/data/new/inner"] {
        assert_eq!(code("fs_rename", &[text(path), text("/data/moved")]), "EBUSY");
        assert_eq!(code("fs_rm", &[text(path), all.clone(), all.clone()]), "EBUSY");
        assert_eq!(code("fs_rmdir", &[text(path)]), "EBUSY");
        assert_eq!(code("fs_mkdir", &[text(path)]), "EEXIST");
        assert_eq!(fixture.call("fs_mkdir", &[text(path), all.clone()]), Ok(OpValue::Null));
    }
    // What is hidden stays hidden, and what is mounted is listed.
    fixture.refusal("fs_readdir", &[text("/data/open")]);
    fixture.refusal("fs_rename", &[text("/data/open"), text("/data/moved")]);
    assert_eq!(fixture.call("fs_exists", &[text("/data/open")]), Ok(OpValue::Bool(false)));
    let names = |path| match fixture.call("fs_readdir", &[text(path)]) {
        Ok(OpValue::Json(names)) => names,
        other => panic!("{other:?}"),
    };
    assert_eq!(names("/data/new"), r#"[["inner","directory"]]"#);
    // A directory that went away on the host is not made anew by the guest.
    std::fs::remove_dir_all(fixture.root.path().join("outside")).unwrap();
    assert_eq!(code("fs_mkdir", &[text("/data/new/inner/x/y"), all]), "ENOENT");
    assert!(!fixture.root.path().join("outside").exists());
}

#[test]
fn what_is_made_is_told_by_its_path_in_the_guest() {
    on_each_walk(|fixture| {
        let all = OpValue::Bool(true);
        let made = fixture.call("fs_mkdir", &[text("/data/x/y/z"), all.clone()]);
        assert_eq!(made, Ok(text("/data/x")));
        fixture.call("process_chdir", &[text("/data/x/y/..")]).unwrap();
        assert_eq!(fixture.call("process_cwd", &[]), Ok(text("/data/x")));
        assert_eq!(fixture.call("fs_mkdir", &[text("y/w/v"), all]), Ok(text("/data/x/y/w")));
        assert!(fixture.root.path().join("project/x/y/w/v").is_dir());
    });
}

#[test]
fn each_permission_allows_what_it_says_and_nothing_else() {
    let (list, change) = (Permissions::LIST, Permissions::CHANGE);
    let (read, write_, none) = (Permissions::READ, Permissions::WRITE, Permissions::NONE);
    let (null, yes) = (OpValue::Null, OpValue::Bool(true));
    let one = |path: &str| vec![text(path)];
    let two = |path: &str, other: &str| vec![text(path), text(other)];
    let open = |path: &str, flags: &str| vec![text(path), text(flags), null.clone()];
    let numbers = |path: &str, count| {
        std::iter::once(text(path)).chain(vec![OpValue::Number(0.0); count]).collect::<Vec<_>>()
    };
    let access = |path: &str, mode: i32| vec![text(path), OpValue::Number(mode.into())];
    let cases = [
        ("fs_stat", vec![text("/d/f"), yes.clone()], none),
        ("fs_realpath", one("/d/f"), none),
        ("fs_readlink", one("/d/l"), none),
        ("fs_access", one("/d/f"), none),
        ("process_chdir", one("/d"), none),
        ("fs_readdir", one("/d"), list),
        ("fs_access", access("/d", libc::R_OK), list),
        ("fs_access", access("/d", libc::W_OK), change),
        ("fs_access", access("/d/f", libc::R_OK), read),
        ("fs_access", access("/d/f", libc::R_OK | libc::W_OK), read | write_),
        ("fs_read_file", one("/d/f"), read),
        ("fs_open", open("/d/f", "r"), read),
        ("fs_open", open("/d/f", "r+"), read | write_),
        ("fs_open", open("/d/f", "w"), write_),
        ("fs_open", open("/d/f", "a+"), read | write_),
        ("fs_open", open("/d/new", "w"), write_ | change),
        ("fs_open", open("/d/new", "wx"), write_ | change),
        ("fs_write_file", write("/d/f").to_vec(), write_),
        ("fs_write_file", write("/d/new").to_vec(), write_ | change),
        ("fs_truncate", numbers("/d/f", 1), write_),
        ("fs_utimes", numbers("/d/f", 2), write_),
        ("fs_chmod", vec![text("/d/f"), OpValue::Number(f64::from(0o644))], write_),
        ("fs_copy_file", two("/d/f", "/d/g"), read | write_),
        ("fs_copy_file", two("/d/f", "/d/new"), read | write_ | change),
        ("fs_mkdir", one("/d/new"), change),
        ("fs_mkdtemp", one("/d/new"), change),
        ("fs_rmdir", one("/d/e"), change),
        ("fs_rm", vec![text("/d/e"), yes.clone()], change),
        ("fs_unlink", one("/d/f"), change),
        ("fs_rename", two("/d/f", "/d/new"), change),
        ("fs_link", two("/d/f", "/d/new"), change),
        ("fs_symlink", two("/d/f", "/d/new"), change),
    ];
    let singles = [list, change, read, write_];
    for bits in 0..16 {
        let chosen = singles.iter().enumerate().filter(|(bit, _)| bits & 1 << bit != 0);
        let has = chosen.map(|(_, one)| *one).fold(none, |all, one| all | one);
        for (op, args, needs) in &cases {
            let fixture = Fixture::with(|root| {
                let directory = root.join("project/d");
                std::fs::create_dir_all(directory.join("e")).unwrap();
                for name in ["f", "g"] {
                    std::fs::write(directory.join(name), name).unwrap();
                }
                std::os::unix::fs::symlink("f", directory.join("l")).unwrap();
                Grants {
                    mounts: vec![mount(root, "project/d", "/d").with(has)],
                    granter: Granter::Context,
                    ..Grants::default()
                }
            });
            let answer = fixture.call(op, args);
            if has != none && has.contains(*needs) {
                assert!(answer.is_ok(), "{op} {args:?} with {has:?}: {answer:?}");
                continue;
            }
            let error = answer.expect_err("a permission is missing");
            assert_eq!(error.code.as_deref(), Some("EACCES"), "{op} {args:?} {has:?} {error:?}");
            // What is advised is enough, but that nothing is told of what is hidden.
            let by_what_is_there = ["fs_access", "fs_open", "fs_write_file"];
            let is_hidden = has == none && by_what_is_there.contains(op);
            // A copy is refused for its source first.
            if is_hidden || *op == "fs_copy_file" {
                continue;
            }
            let wanted = if *needs == none { list } else { has | *needs };
            let mend = format!("Mount::with({wanted:?})");
            assert!(error.message.ends_with(&mend), "{op} {args:?}: {} / {mend}", error.message);
        }
    }
}

#[test]
fn a_file_gains_nothing_by_another_name() {
    let fixture = Fixture::with(|root| {
        let changed = Permissions::CHANGE;
        Grants {
            mounts: vec![
                mount(root, "outside", "/blind").with(changed),
                mount(root, "project", "/open").with(Permissions::READ_WRITE),
                mount(root, "project/open", "/also").with(Permissions::READ_WRITE),
            ],
            ..Grants::default()
        }
    });
    for op in ["fs_rename", "fs_link"] {
        let error = fixture.call(op, &[text("/blind/secret.txt"), text("/open/x")]).unwrap_err();
        assert_eq!(error.code.as_deref(), Some("EXDEV"));
    }
    fixture.call("fs_rename", &[text("/open/a.txt"), text("/also/a.txt")]).unwrap();
    fixture.call("fs_rename", &[text("/also/a.txt"), text("/blind/a.txt")]).unwrap();
}
