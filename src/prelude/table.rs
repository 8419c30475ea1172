//! Which file is which script or builtin.

use crate::isolate::Prelude;

/// For step libraries.
pub(crate) const PRELUDE: Prelude = Prelude { scripts: SCRIPTS, builtins: BUILTINS };

/// For configurations that are scripts: Node as a step library sees it, but no support API.
pub(crate) const CONFIGURATION: Prelude = Prelude {
    scripts: &[
        ("core.js", include_str!("core.js")),
        ("modules.js", include_str!("modules.js")),
        ("globals.js", include_str!("globals.js")),
        ("configuration.js", include_str!("configuration.js")),
    ],
    builtins: BUILTINS,
};

/// For scripts in a session: Node, `vars` and `commands`, but no support API.
pub(crate) const SCRIPT: Prelude = Prelude {
    scripts: &[
        ("core.js", include_str!("core.js")),
        ("modules.js", include_str!("modules.js")),
        ("globals.js", include_str!("globals.js")),
        ("script.js", include_str!("script.js")),
    ],
    builtins: BUILTINS,
};

/// For templates: Node, the host functions, `vars` and `commands`, but no support API.
pub(crate) const TEMPLATE: Prelude = Prelude {
    scripts: &[
        ("core.js", include_str!("core.js")),
        ("modules.js", include_str!("modules.js")),
        ("globals.js", include_str!("globals.js")),
        ("template.js", include_str!("template.js")),
    ],
    builtins: BUILTINS,
};

/// The ids that an author's module may import.
pub(crate) fn public_builtins() -> Vec<&'static str> {
    let ids = BUILTINS.iter().map(|(id, _)| *id);
    ids.filter(|id| !id.starts_with("quickcuke:")).collect()
}

const SCRIPTS: &[(&str, &str)] = &[
    ("core.js", include_str!("core.js")),
    ("modules.js", include_str!("modules.js")),
    ("globals.js", include_str!("globals.js")),
    ("cucumber.js", include_str!("cucumber/script.js")),
];

/// A module of Node that is told by its id why it is not there.
const UNAVAILABLE: &str = "module.exports = require('quickcuke:unavailable')(module.id)";

const BUILTINS: &[(&str, &str)] = &[
    ("quickcuke", include_str!("cucumber/index.js")),
    ("quickcuke:cucumber/location", include_str!("cucumber/location.js")),
    ("quickcuke:cucumber/data_table", include_str!("cucumber/data_table.js")),
    ("quickcuke:cucumber/attachment", include_str!("cucumber/attachment.js")),
    ("quickcuke:cucumber/formatter_helpers", include_str!("cucumber/formatter_helpers.js")),
    ("quickcuke:cucumber/parallel_can_assign", include_str!("cucumber/parallel_can_assign.js")),
    ("quickcuke:cucumber/world", include_str!("cucumber/world.js")),
    ("quickcuke:cucumber/session", include_str!("cucumber/session.js")),
    ("quickcuke:cucumber/builder", include_str!("cucumber/builder.js")),
    ("quickcuke:cucumber/parameters", include_str!("cucumber/parameters.js")),
    ("quickcuke:cucumber/invoke", include_str!("cucumber/invoke.js")),
    ("quickcuke:cucumber/outcome", include_str!("cucumber/outcome.js")),
    ("quickcuke:cucumber/difference", include_str!("cucumber/difference.js")),
    ("quickcuke:cucumber/attempt", include_str!("cucumber/attempt.js")),
    ("quickcuke:cucumber/fake_cucumber", include_str!("cucumber/fake_cucumber.js")),
    ("node:assert", include_str!("node/assert.js")),
    ("node:assert/strict", include_str!("node/assert_strict.js")),
    ("node:async_hooks", include_str!("node/async_hooks.js")),
    ("node:buffer", include_str!("node/buffer.js")),
    ("node:child_process", include_str!("node/child_process.js")),
    ("node:cluster", UNAVAILABLE),
    ("node:console", include_str!("node/console.js")),
    ("node:constants", include_str!("node/constants.js")),
    ("node:crypto", include_str!("node/crypto.js")),
    ("node:dgram", UNAVAILABLE),
    ("node:diagnostics_channel", include_str!("node/diagnostics_channel.js")),
    ("node:dns", UNAVAILABLE),
    ("node:dns/promises", UNAVAILABLE),
    ("node:domain", UNAVAILABLE),
    ("node:events", include_str!("node/events.js")),
    ("node:fs", include_str!("node/fs.js")),
    ("node:fs/promises", include_str!("node/fs_promises.js")),
    ("node:http", include_str!("node/http.js")),
    ("node:http2", UNAVAILABLE),
    ("node:https", include_str!("node/https.js")),
    ("node:inspector", UNAVAILABLE),
    ("node:module", include_str!("node/module.js")),
    ("node:net", include_str!("node/net.js")),
    ("node:os", include_str!("node/os.js")),
    ("node:path", include_str!("node/path.js")),
    ("node:path/posix", include_str!("node/path_posix.js")),
    ("node:path/win32", include_str!("node/path_win32.js")),
    ("node:perf_hooks", include_str!("node/perf_hooks.js")),
    ("node:process", include_str!("node/process.js")),
    ("node:punycode", include_str!("node/punycode.js")),
    ("node:querystring", include_str!("node/querystring.js")),
    ("node:readline", include_str!("node/readline.js")),
    ("node:readline/promises", include_str!("node/readline_promises.js")),
    ("node:repl", UNAVAILABLE),
    ("node:stream", include_str!("node/stream.js")),
    ("node:stream/consumers", include_str!("node/stream_consumers.js")),
    ("node:stream/promises", include_str!("node/stream_promises.js")),
    ("node:stream/web", UNAVAILABLE),
    ("node:string_decoder", include_str!("node/string_decoder.js")),
    ("node:test", UNAVAILABLE),
    ("node:timers", include_str!("node/timers.js")),
    ("node:timers/promises", include_str!("node/timers_promises.js")),
    ("node:tls", include_str!("node/tls.js")),
    ("node:trace_events", UNAVAILABLE),
    ("node:tty", include_str!("node/tty.js")),
    ("node:url", include_str!("node/url.js")),
    ("node:util", include_str!("node/util.js")),
    ("node:util/types", include_str!("node/util_types.js")),
    ("node:v8", UNAVAILABLE),
    ("node:vm", include_str!("node/vm.js")),
    ("node:wasi", UNAVAILABLE),
    ("node:worker_threads", UNAVAILABLE),
    ("node:zlib", include_str!("node/zlib.js")),
    ("quickcuke:abort", include_str!("node/internal/abort.js")),
    ("quickcuke:assertion_error", include_str!("node/internal/assertion_error.js")),
    ("quickcuke:blob", include_str!("node/internal/blob.js")),
    ("quickcuke:buffer_numbers", include_str!("node/internal/buffer_numbers.js")),
    ("quickcuke:buffer_text", include_str!("node/internal/buffer_text.js")),
    ("quickcuke:call_source", include_str!("node/internal/call_source.js")),
    ("quickcuke:child", include_str!("node/internal/child.js")),
    ("quickcuke:child_options", include_str!("node/internal/child_options.js")),
    ("quickcuke:child_sync", include_str!("node/internal/child_sync.js")),
    ("quickcuke:collation", include_str!("node/internal/collation.js")),
    ("quickcuke:console_table", include_str!("node/internal/console_table.js")),
    ("quickcuke:deep_equal", include_str!("node/internal/deep_equal.js")),
    ("quickcuke:encoding", include_str!("node/internal/encoding.js")),
    ("quickcuke:environment", include_str!("node/internal/environment.js")),
    ("quickcuke:errors", include_str!("node/internal/errors.js")),
    ("quickcuke:event_target", include_str!("node/internal/event_target.js")),
    ("quickcuke:fetch", include_str!("node/internal/fetch.js")),
    ("quickcuke:fetch_body", include_str!("node/internal/fetch_body.js")),
    ("quickcuke:form_data", include_str!("node/internal/form_data.js")),
    ("quickcuke:format", include_str!("node/internal/format.js")),
    ("quickcuke:fs_stats", include_str!("node/internal/fs_stats.js")),
    ("quickcuke:fs_streams", include_str!("node/internal/fs_streams.js")),
    ("quickcuke:fs_sync", include_str!("node/internal/fs_sync.js")),
    ("quickcuke:headers", include_str!("node/internal/headers.js")),
    ("quickcuke:http_client", include_str!("node/internal/http_client.js")),
    ("quickcuke:http_headers", include_str!("node/internal/http_headers.js")),
    ("quickcuke:http_upgrade", include_str!("node/internal/http_upgrade.js")),
    ("quickcuke:inspect", include_str!("node/internal/inspect.js")),
    ("quickcuke:inspect_kinds", include_str!("node/internal/inspect_kinds.js")),
    ("quickcuke:inspect_text", include_str!("node/internal/inspect_text.js")),
    ("quickcuke:intl", include_str!("node/internal/intl.js")),
    ("quickcuke:intl_currencies", include_str!("node/internal/intl_currencies.js")),
    ("quickcuke:intl_date", include_str!("node/internal/intl_date.js")),
    ("quickcuke:intl_date_patterns", include_str!("node/internal/intl_date_patterns.js")),
    ("quickcuke:intl_date_values", include_str!("node/internal/intl_date_values.js")),
    ("quickcuke:intl_decimal", include_str!("node/internal/intl_decimal.js")),
    ("quickcuke:intl_locale", include_str!("node/internal/intl_locale.js")),
    ("quickcuke:intl_number", include_str!("node/internal/intl_number.js")),
    ("quickcuke:intl_segmenter", include_str!("node/internal/intl_segmenter.js")),
    ("quickcuke:intl_units", include_str!("node/internal/intl_units.js")),
    ("quickcuke:intl_words", include_str!("node/internal/intl_words.js")),
    ("quickcuke:intl_zone", include_str!("node/internal/intl_zone.js")),
    ("quickcuke:intl_zone_names", include_str!("node/internal/intl_zone_names.js")),
    ("quickcuke:legacy_url", include_str!("node/internal/legacy_url.js")),
    ("quickcuke:network", include_str!("node/internal/network.js")),
    ("quickcuke:parse_args", include_str!("node/internal/parse_args.js")),
    ("quickcuke:path_win32", include_str!("node/internal/path_win32.js")),
    ("quickcuke:performance", include_str!("node/internal/performance.js")),
    ("quickcuke:readable", include_str!("node/internal/readable.js")),
    ("quickcuke:stream_operators", include_str!("node/internal/stream_operators.js")),
    ("quickcuke:structured_clone", include_str!("node/internal/structured_clone.js")),
    ("quickcuke:system_errors", include_str!("node/internal/system_errors.js")),
    ("quickcuke:types", include_str!("node/internal/types.js")),
    ("quickcuke:unavailable", include_str!("node/internal/unavailable.js")),
    ("quickcuke:webcrypto", include_str!("node/internal/webcrypto.js")),
    ("quickcuke:whatwg_url", include_str!("node/internal/whatwg_url.js")),
    ("quickcuke:writable", include_str!("node/internal/writable.js")),
];
