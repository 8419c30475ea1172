//! The continuous integration service that a run happens on, found out as the official `ci-environment` does it.

use serde_json::Value;
use url::Url;

use crate::messages::{Ci, Git};

/// What a service tells in its environment: texts in which `${NAME}` stands for a variable and `${NAME/PATTERN/TEXT}`
/// for `TEXT` with the groups of the pattern in it.
struct Service {
    name: &'static str,
    url: &'static str,
    build_number: &'static str,
    remote: &'static str,
    revision: &'static str,
    branch: &'static str,
    /// Empty where it tells none.
    tag: &'static str,
}

/// Variables by name.
type Environment = [(String, String)];

/// The service whose variables are there, the first of those that are known.
pub(super) fn detect(env: &Environment) -> Option<Ci> {
    SERVICES.iter().find_map(|service| {
        Some(Ci {
            name: service.name.to_owned(),
            url: Some(evaluate(service.url, env)?),
            build_number: evaluate(service.build_number, env),
            git: git(service, env),
        })
    })
}

fn git(service: &Service, env: &Environment) -> Option<Git> {
    let told = |text: &str| evaluate(text, env).filter(|text| !text.is_empty());
    let revision = match variable("GITHUB_EVENT_NAME", env) {
        // What is checked out then is a merge that nobody else knows.
        Some("pull_request") => pull_request(variable("GITHUB_EVENT_PATH", env)?)?,
        _ => told(service.revision)?,
    };
    Some(Git {
        remote: without_user(told(service.remote)?),
        revision,
        branch: told(service.branch),
        tag: told(service.tag),
    })
}

fn pull_request(event: &str) -> Option<String> {
    let event: Value = serde_json::from_str(&std::fs::read_to_string(event).ok()?).ok()?;
    event.pointer("/pull_request/head/sha")?.as_str().map(str::to_owned)
}

/// Names and passwords are nobody's business.
fn without_user(remote: String) -> String {
    let Ok(mut url) = Url::parse(&remote) else { return remote };
    // Refused only where there can be neither.
    let _ = (url.set_username(""), url.set_password(None));
    url.to_string()
}

/// The text with its variables; none where one of them is not set or does not match.
fn evaluate(text: &str, env: &Environment) -> Option<String> {
    let mut evaluated = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        evaluated += before;
        let (expression, after) = after.split_once('}')?;
        rest = after;
        match expression.split_once('/') {
            None => evaluated += variable(expression, env)?,
            Some((name, substitution)) => {
                // A slash of the pattern itself is escaped.
                let (pattern, replacement) = substitution.rsplit_once('/')?;
                evaluated += &substitute(variable(name, env)?, pattern, replacement)?;
            }
        }
    }
    (!text.is_empty()).then(|| evaluated + rest)
}

fn substitute(value: &str, pattern: &str, replacement: &str) -> Option<String> {
    let found = regress::Regex::new(&pattern.replace("\\/", "/")).ok()?.find(value)?;
    let group = found.group(1).map_or("", |range| &value[range]);
    Some(replacement.replace("\\1", group))
}

/// Of a name with `*`, that of the first variable whose name matches.
fn variable<'a>(name: &str, env: &'a Environment) -> Option<&'a str> {
    let matches = |known: &str| match name.split_once('*') {
        Some((start, end)) => known.starts_with(start) && known.ends_with(end),
        None => known == name,
    };
    env.iter().find(|(known, _)| matches(known)).map(|(_, value)| value.as_str())
}

const SERVICES: [Service; 15] = [
    Service {
        name: "Azure Pipelines",
        url: "${BUILD_BUILDURI}",
        build_number: "${BUILD_BUILDNUMBER}",
        remote: "${BUILD_REPOSITORY_URI}",
        revision: "${BUILD_SOURCEVERSION}",
        branch: r"${BUILD_SOURCEBRANCH/refs/heads/(.*)/\1}",
        tag: r"${BUILD_SOURCEBRANCH/refs/tags/(.*)/\1}",
    },
    Service {
        name: "Bamboo",
        url: "${bamboo_buildResultsUrl}",
        build_number: "${bamboo_buildNumber}",
        remote: "${bamboo_planRepository_repositoryUrl}",
        revision: "${bamboo_planRepository_revision}",
        branch: "${bamboo_planRepository_branch}",
        tag: "",
    },
    Service {
        name: "Buddy",
        url: "${BUDDY_EXECUTION_URL}",
        build_number: "${BUDDY_EXECUTION_ID}",
        remote: "${BUDDY_SCM_URL}",
        revision: "${BUDDY_EXECUTION_REVISION}",
        branch: "${BUDDY_EXECUTION_BRANCH}",
        tag: "${BUDDY_EXECUTION_TAG}",
    },
    Service {
        name: "Bitrise",
        url: "${BITRISE_BUILD_URL}",
        build_number: "${BITRISE_BUILD_NUMBER}",
        remote: "${GIT_REPOSITORY_URL}",
        revision: "${BITRISE_GIT_COMMIT}",
        branch: "${BITRISE_GIT_BRANCH}",
        tag: "${BITRISE_GIT_TAG}",
    },
    Service {
        name: "CircleCI",
        url: "${CIRCLE_BUILD_URL}",
        build_number: "${CIRCLE_BUILD_NUM}",
        remote: "${CIRCLE_REPOSITORY_URL}",
        revision: "${CIRCLE_SHA1}",
        branch: "${CIRCLE_BRANCH}",
        tag: "${CIRCLE_TAG}",
    },
    Service {
        name: "CodeFresh",
        url: "${CF_BUILD_URL}",
        build_number: "${CF_BUILD_ID}",
        remote: r"${CF_COMMIT_URL/(.*)\/commit.+$/\1}.git",
        revision: "${CF_REVISION}",
        branch: "${CF_BRANCH}",
        tag: "",
    },
    Service {
        name: "CodeShip",
        url: "${CI_BUILD_URL}",
        build_number: "${CI_BUILD_NUMBER}",
        remote: r"${CI_PULL_REQUEST/(.*)\/pull\/\d+/\1.git}",
        revision: "${CI_COMMIT_ID}",
        branch: "${CI_BRANCH}",
        tag: "",
    },
    Service {
        name: "GitHub Actions",
        url: "${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}",
        build_number: "${GITHUB_RUN_ID}",
        remote: "${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git",
        revision: "${GITHUB_SHA}",
        branch: "${GITHUB_HEAD_REF}",
        tag: r"${GITHUB_REF/refs/tags/(.*)/\1}",
    },
    Service {
        name: "GitLab",
        url: "${CI_JOB_URL}",
        build_number: "${CI_JOB_ID}",
        remote: "${CI_REPOSITORY_URL}",
        revision: "${CI_COMMIT_SHA}",
        branch: "${CI_COMMIT_BRANCH}",
        tag: "${CI_COMMIT_TAG}",
    },
    Service {
        name: "GoCD",
        url: "${GO_SERVER_URL}/pipelines/${GO_PIPELINE_NAME}/${GO_PIPELINE_COUNTER}/${GO_STAGE_NAME}/${GO_STAGE_COUNTER}",
        build_number: "${GO_PIPELINE_NAME}/${GO_PIPELINE_COUNTER}/${GO_STAGE_NAME}/${GO_STAGE_COUNTER}",
        remote: r"${GO_SCM_*_PR_URL/(.*)\/pull\/\d+/\1.git}",
        revision: "${GO_REVISION}",
        branch: r"${GO_SCM_*_PR_BRANCH/.*:(.*)/\1}",
        tag: "",
    },
    Service {
        name: "Jenkins",
        url: "${BUILD_URL}",
        build_number: "${BUILD_NUMBER}",
        remote: "${GIT_URL}",
        revision: "${GIT_COMMIT}",
        branch: "${GIT_LOCAL_BRANCH}",
        tag: "",
    },
    Service {
        name: "JetBrains Space",
        url: "${JB_SPACE_EXECUTION_URL}",
        build_number: "${JB_SPACE_EXECUTION_NUMBER}",
        remote: "https://${JB_SPACE_API_URL}/p/${JB_SPACE_PROJECT_KEY}/repositories/${JB_SPACE_GIT_REPOSITORY_NAME}",
        revision: "${JB_SPACE_GIT_REVISION}",
        branch: "${JB_SPACE_GIT_BRANCH}",
        tag: "",
    },
    Service {
        name: "Semaphore",
        url: "${SEMAPHORE_ORGANIZATION_URL}/jobs/${SEMAPHORE_JOB_ID}",
        build_number: "${SEMAPHORE_JOB_ID}",
        remote: "${SEMAPHORE_GIT_URL}",
        revision: "${SEMAPHORE_GIT_SHA}",
        branch: "${SEMAPHORE_GIT_BRANCH}",
        tag: "${SEMAPHORE_GIT_TAG_NAME}",
    },
    Service {
        name: "Travis CI",
        url: "${TRAVIS_BUILD_WEB_URL}",
        build_number: "${TRAVIS_JOB_NUMBER}",
        remote: "https://github.com/${TRAVIS_REPO_SLUG}.git",
        revision: "${TRAVIS_COMMIT}",
        branch: "${TRAVIS_BRANCH}",
        tag: "${TRAVIS_TAG}",
    },
    Service {
        name: "Wercker",
        url: "${WERCKER_RUN_URL}",
        build_number: r"${WERCKER_RUN_URL/.*\/([^\/]+)$/\1}",
        remote: "https://${WERCKER_GIT_DOMAIN}/${WERCKER_GIT_OWNER}/${WERCKER_GIT_REPOSITORY}.git",
        revision: "${WERCKER_GIT_COMMIT}",
        branch: "${WERCKER_GIT_BRANCH}",
        tag: "",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(variables: &[(&str, &str)]) -> Value {
        let env: Vec<_> =
            variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        serde_json::to_value(detect(&env)).unwrap()
    }

    #[test]
    fn a_service_is_known_by_its_variables() {
        assert_eq!(detected(&[("CI", "true"), ("HOME", "/root")]), Value::Null);
        assert_eq!(
            detected(&[
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("GITHUB_REPOSITORY", "a/b"),
                ("GITHUB_RUN_ID", "7"),
                ("GITHUB_SHA", "c0ffee"),
                ("GITHUB_REF", "refs/tags/v1"),
                ("GITHUB_HEAD_REF", ""),
            ]),
            serde_json::json!({
                "name": "GitHub Actions", "url": "https://github.com/a/b/actions/runs/7", "buildNumber": "7",
                "git": {"remote": "https://github.com/a/b.git", "revision": "c0ffee", "tag": "v1"}
            })
        );
    }

    #[test]
    fn patterns_take_out_a_part_and_remotes_lose_their_user() {
        let go = [
            ("GO_SERVER_URL", "https://go"),
            ("GO_PIPELINE_NAME", "p"),
            ("GO_PIPELINE_COUNTER", "1"),
            ("GO_STAGE_NAME", "s"),
            ("GO_STAGE_COUNTER", "2"),
            ("GO_SCM_MY_PR_URL", "https://me:secret@host/x/pull/17"),
            ("GO_SCM_MY_PR_BRANCH", "me:feature"),
            ("GO_REVISION", "1f"),
        ];
        assert_eq!(
            detected(&go),
            serde_json::json!({
                "name": "GoCD", "url": "https://go/pipelines/p/1/s/2", "buildNumber": "p/1/s/2",
                "git": {"remote": "https://host/x.git", "revision": "1f", "branch": "feature"}
            })
        );
    }

    #[test]
    fn the_revision_of_a_pull_request_stands_in_its_event() {
        let directory = tempfile::tempdir().unwrap();
        let event = directory.path().join("event.json");
        std::fs::write(&event, r#"{"pull_request": {"head": {"sha": "beef"}}}"#).unwrap();
        let variables = |path: &str| {
            detected(&[
                ("BUILD_URL", "https://jenkins/1"),
                ("GIT_URL", "git@host:a/b.git"),
                ("GIT_COMMIT", "merge"),
                ("GITHUB_EVENT_NAME", "pull_request"),
                ("GITHUB_EVENT_PATH", path),
            ])
        };
        let git = &variables(event.to_str().unwrap())["git"];
        assert_eq!(*git, serde_json::json!({"remote": "git@host:a/b.git", "revision": "beef"}));
        assert_eq!(variables("/nowhere")["git"], Value::Null);
    }
}
