//! Which scenarios run, and in which order.

use crate::project::Project;

fn project() -> Project {
    Project::with_feature(
        "
        @all
        Feature: F
          @a
          Scenario: one
            Given a step passes
          @a @b
          Scenario: two
            Given a step passes
          Scenario Outline: three <n>
            Given a step passes
            @c
            Examples:
              | n |
              | 1 |
            Examples:
              | n |
              | 2 |
        ",
    )
}

#[test]
fn tags_select() {
    for (tags, expected) in [
        ("@a", &["one: passed", "two: passed"][..]),
        ("@a and not @b", &["one: passed"]),
        ("@b or @c", &["two: passed", "three 1: passed"]),
        ("not (@a or @c)", &["three 2: passed"]),
        ("@all and @b", &["two: passed"]),
    ] {
        project().tell(&["--tags", tags]).passes().scenarios(expected);
    }
}

#[test]
fn several_tag_expressions_must_all_match_and_one_of_several_names() {
    project().tell(&["--tags", "@a", "--tags", "@b"]).passes().scenarios(&["two: passed"]);
    project()
        .tell(&["--name", "^one$", "--name", "2$"])
        .passes()
        .scenarios(&["one: passed", "three 2: passed"]);
}

#[test]
fn order_is_defined_reversed_or_shuffled_by_a_seed() {
    let reversed = ["three 2: passed", "three 1: passed", "two: passed", "one: passed"];
    project().tell(&["--order", "reverse"]).passes().scenarios(&reversed);
    let shuffled = |seed: &str| project().tell(&["--order", seed]).passes().messages().scenarios();
    let orders: Vec<_> = (0..5).map(|seed| shuffled(&format!("random:{seed}"))).collect();
    assert_eq!(orders[0], shuffled("random:0"), "the same seed gives the same order");
    assert!(
        orders.iter().any(|order| *order != orders[0]),
        "five seeds give one order: {orders:?}"
    );
    let mut sorted = orders[0].clone();
    sorted.sort();
    assert_eq!(sorted, ["one: passed", "three 1: passed", "three 2: passed", "two: passed"]);
}

#[test]
fn shards_are_parts_of_the_whole() {
    let mut all: Vec<String> = ["1/3", "2/3", "3/3"]
        .iter()
        .flat_map(|shard| project().tell(&["--shard", shard]).passes().messages().scenarios())
        .collect();
    all.sort();
    assert_eq!(all, ["one: passed", "three 1: passed", "three 2: passed", "two: passed"]);
    project().run(&["--shard", "4/3"]).fails().complains("shard");
}
