//! A suite of the crate `cucumber` with steps in Rust and in TypeScript, against a service that Rust starts:
//! `cargo run --example shop`.

mod service;

use cucumber::{World as _, given, then};
use quickcuke::StepLibrary;
use serde_json::{Value, json};

use service::Service;

#[derive(Debug, Default, cucumber::World)]
struct Shop {
    js: quickcuke::World,
    service: Option<Service>,
}

impl AsMut<quickcuke::World> for Shop {
    fn as_mut(&mut self) -> &mut quickcuke::World {
        &mut self.js
    }
}

#[given(expr = "a shop that sells {word} for {int} cents")]
async fn shop(shop: &mut Shop, name: String, price: u64) {
    let service = Service::start([(name, price)].into()).await.expect("a free port");
    // What Rust sets here, TypeScript reads: `vars.get('url')`.
    shop.js.vars().set("url", json!(service.url()));
    shop.service = Some(service);
}

#[then(expr = "the shop has earned {int} cents")]
fn earned(shop: &mut Shop, expected: u64) {
    assert_eq!(shop.service.as_ref().map(Service::earned), Some(expected));
}

#[then(expr = "the receipt names {word}")]
async fn receipt(shop: &mut Shop, name: String) {
    let names = shop.js.run("() => vars.get('receipt').items", ()).await.expect("a receipt");
    assert_eq!(names, Value::from(vec![name]));
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop");
    let library = StepLibrary::builder().project(directory).steps("steps").load().await;
    let library = library.unwrap_or_else(|error| panic!("{error}"));
    Shop::cucumber()
        .with_runner(library.runner())
        .fail_on_skipped()
        .run_and_exit(format!("{directory}/features"))
        .await;
}
