//! Sign-ins that are kept: who can read them, who may write them, and several processes at once.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{HttpTransport, SendFuture, Transport};
use esologs::{Class, Client, Credentials, Endpoint, ErrorKind, Event, SignIn, SignedIn, TokenStore};
use esologs_sim::{Credentials as Key, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PUBLIC_CLIENT_ID};
use esologs_sim::{FaultKind, Faults, On, Running, ScriptedFault, Simulator};
use http::Request;
use http::header::AUTHORIZATION;
use tempfile::TempDir;

use crate::support::sockets;

const SECOND: Duration = Duration::from_secs(1);

fn key() -> Credentials {
    Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET).unwrap()
}

/// A folder to keep sign-ins in, that does not exist yet.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn folder(&self) -> PathBuf {
        self.folder.path().join("config").join("esologs")
    }

    fn store(&self) -> TokenStore {
        TokenStore::in_folder(self.folder())
    }

    /// Every file below the folder, with its mode.
    fn files(&self) -> Vec<(PathBuf, u32)> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                }
                found.push((entry.path(), mode(&entry.path())));
            }
        }
        found
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

async fn service(faults: Faults) -> Running {
    let sim = Simulator::builder().credentials(Key::demo()).without_throttle().limit(1_000_000).faults(faults).build().unwrap();
    sim.start_tcp("127.0.0.1:0").await.unwrap()
}

fn at(service: &Running) -> Endpoint {
    Endpoint::new(&service.base_url()).unwrap()
}

fn fetched(service: &Running) -> u64 {
    service.sim().stats().by_endpoint.get("/oauth/token").copied().unwrap_or_default()
}

/// A user who has signed in at this service.
async fn user_of(service: &Running) -> SignedIn {
    let sign_in = SignIn::new(DEMO_PUBLIC_CLIENT_ID).endpoint(at(service)).redirect("http://127.0.0.1:0/callback").unwrap();
    let begun = sign_in.transport(sockets()).begin().await.unwrap();
    let url = begun.authorize_url().to_owned();
    let (user, ()) = tokio::join!(begun.finish(), crate::sign_in::agree_in_browser(&url));
    user.unwrap()
}

fn client_of(service: &Running, user: SignedIn) -> Client {
    Client::builder().endpoint(at(service)).transport(sockets()).signed_in(user).without_request_rate().build().unwrap()
}

#[tokio::test]
async fn what_is_kept_is_read_back_and_each_profile_and_host_has_its_own() {
    let (desk, endpoint) = (Desk::new(), Endpoint::default());
    let (store, raid) = (desk.store(), desk.store().profile("raid").unwrap());
    let elsewhere = Endpoint::new("https://www.example.org").unwrap();
    assert_eq!(store.credentials(&endpoint).unwrap().map(|_| ()), None);

    store.keep_credentials(&endpoint, &Credentials::new("one", "secret-1").unwrap()).await.unwrap();
    raid.keep_credentials(&endpoint, &Credentials::new("two", "secret-2").unwrap()).await.unwrap();

    let id = |store: &TokenStore, endpoint| store.credentials(endpoint).unwrap().map(|kept| format!("{kept:?}"));
    assert!(id(&store, &endpoint).unwrap().contains("\"one\""));
    assert!(id(&raid, &endpoint).unwrap().contains("\"two\""));
    assert_eq!((id(&store, &elsewhere), id(&raid, &elsewhere)), (None, None));
    // A file under another host's name is of no use there.
    fs::copy(store.credentials_path(&endpoint), store.credentials_path(&elsewhere)).unwrap();
    assert_eq!(id(&store, &elsewhere), None);
}

#[tokio::test]
async fn nobody_else_can_read_it() {
    let (desk, service) = (Desk::new(), service(Faults::none()).await);
    let store = desk.store();

    store.keep_credentials(&at(&service), &key()).await.unwrap();
    store.keep_signed_in(&at(&service), &user_of(&service).await).await.unwrap();
    let builder = Client::builder().credentials(key()).endpoint(at(&service)).transport(sockets());
    builder.token_store(store).build().unwrap().fetch_token().await.unwrap();

    let files = desk.files();
    assert!(files.len() >= 7, "{files:?}");
    for (path, mode) in files {
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    assert_eq!(mode(&desk.folder()), 0o700);
}

#[tokio::test]
async fn a_file_that_others_can_read_is_closed_to_them() {
    let (desk, endpoint) = (Desk::new(), Endpoint::default());
    let store = desk.store();
    store.keep_credentials(&endpoint, &key()).await.unwrap();
    let path = store.credentials_path(&endpoint);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();

    assert!(store.credentials(&endpoint).unwrap().is_some());

    assert_eq!(mode(&path), 0o600);
}

#[tokio::test]
async fn a_file_that_makes_no_sense_is_moved_aside_and_one_of_a_later_version_is_left_alone() {
    let (desk, endpoint) = (Desk::new(), Endpoint::default());
    let store = desk.store();
    store.keep_credentials(&endpoint, &key()).await.unwrap();
    let path = store.credentials_path(&endpoint);
    for (number, nonsense) in ["", "{\"format\": 1, \"client_secret\": \"hunter2", "{\"format\": 1}"].iter().enumerate() {
        fs::write(&path, nonsense).unwrap();

        assert!(store.credentials(&endpoint).unwrap().is_none());
        store.keep_credentials(&endpoint, &key()).await.unwrap();

        let aside = path.with_extension(format!("unreadable-{}", number + 1));
        assert_eq!(fs::read_to_string(aside).unwrap(), *nonsense);
        assert!(store.credentials(&endpoint).unwrap().is_some());
    }
    let later = "{\"format\": 2, \"client_secret\": \"hunter2\"}";
    fs::write(&path, later).unwrap();

    let read = store.credentials(&endpoint).unwrap_err();
    let written = store.keep_credentials(&endpoint, &key()).await.unwrap_err();

    assert_eq!((read.kind(), written.kind()), (ErrorKind::LocalFile, ErrorKind::LocalFile));
    assert!(read.to_string().contains("of a later version") && !read.to_string().contains("hunter2"), "{read}");
    assert_eq!(fs::read_to_string(&path).unwrap(), later);
}

#[tokio::test]
async fn what_is_forgotten_is_gone_with_its_tokens() {
    let (desk, service) = (Desk::new(), service(Faults::none()).await);
    let (store, endpoint) = (desk.store(), at(&service));
    store.keep_credentials(&endpoint, &key()).await.unwrap();
    let builder = Client::builder().credentials(key()).endpoint(endpoint.clone()).transport(sockets());
    builder.token_store(store.clone()).build().unwrap().fetch_token().await.unwrap();

    let forgotten = store.forget(&endpoint).await.unwrap();

    assert!(forgotten.credentials && !forgotten.signed_in);
    for (path, _) in desk.files() {
        let is_empty = path.is_dir() || fs::read(&path).unwrap().is_empty();
        assert!(is_empty, "{}", path.display());
    }
    assert!(!store.forget(&endpoint).await.unwrap().credentials);
}

#[test]
fn a_name_of_a_profile_that_would_leave_the_folder_is_refused() {
    for wrong in ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "\u{e9}", &"a".repeat(65)] {
        let error = TokenStore::in_folder("x").profile(wrong).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{wrong}");
    }
    assert_eq!(TokenStore::in_folder("x").profile("raid-2.eu").unwrap().profile_name(), "raid-2.eu");
}

// Tokens from run to run.

#[tokio::test]
async fn the_next_run_uses_the_token_of_the_one_before_and_a_new_secret_begins_anew() {
    let (desk, service) = (Desk::new(), service(Faults::none()).await);
    let run = |secret: &str| {
        let key = Credentials::new(DEMO_CLIENT_ID, secret).unwrap();
        Client::builder().credentials(key).endpoint(at(&service)).transport(sockets()).token_store(desk.store()).build().unwrap()
    };
    run(DEMO_CLIENT_SECRET).rate_limit().await.unwrap();

    run(DEMO_CLIENT_SECRET).rate_limit().await.unwrap();
    assert_eq!(fetched(&service), 1);
    service.sim().revoke_tokens();
    run(DEMO_CLIENT_SECRET).rate_limit().await.unwrap();
    run(DEMO_CLIENT_SECRET).rate_limit().await.unwrap();
    assert_eq!(fetched(&service), 2, "a token that died early is replaced once");
    let error = run("wrong").rate_limit().await.unwrap_err();

    assert_eq!((error.class(), fetched(&service)), (Some(Class::CredentialsRejected), 3));
}

#[tokio::test]
async fn where_nothing_can_be_written_calls_go_on_without() {
    let (desk, service) = (Desk::new(), service(Faults::none()).await);
    // A file stands where the folder should be; that holds for root, too.
    fs::create_dir_all(desk.folder().parent().unwrap()).unwrap();
    fs::write(desk.folder(), "").unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let builder = Client::builder().credentials(key()).endpoint(at(&service)).transport(sockets()).on_event(move |event| {
        if let Event::SignInTrouble { why, .. } = event {
            heard.lock().unwrap().push((*why).to_owned());
        }
    });
    let client = builder.token_store(desk.store()).build().unwrap();

    client.rate_limit().await.unwrap();
    service.sim().revoke_tokens();
    client.rate_limit().await.unwrap();

    assert_eq!(fetched(&service), 2);
    let told = told.lock().unwrap();
    assert!(matches!(&told[..], [why] if why.contains("cannot be shared with other processes")), "said once: {told:?}");
}

/// Notes of each question to the API whether its token is in the file by then.
struct Watching {
    through: HttpTransport,
    file: PathBuf,
    was_kept: Arc<Mutex<Vec<bool>>>,
}

impl Transport for Watching {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        if let Some(token) = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer ")) {
            self.was_kept.lock().unwrap().push(fs::read_to_string(&self.file).unwrap().contains(token));
        }
        self.through.send(request)
    }
}

#[tokio::test]
async fn what_renews_a_sign_in_is_written_before_anybody_uses_what_came_with_it() {
    let (desk, service) = (Desk::new(), service(Faults::none()).await);
    let (store, endpoint) = (desk.store(), at(&service));
    store.keep_signed_in(&endpoint, &user_of(&service).await).await.unwrap();
    let (file, was_kept) = (store.signed_in_path(&endpoint), Arc::new(Mutex::new(Vec::new())));
    let before = fs::read_to_string(&file).unwrap();
    let watching = Watching { through: sockets(), file: file.clone(), was_kept: Arc::clone(&was_kept) };
    let kept = store.signed_in(&endpoint).unwrap().unwrap();
    let client = Client::builder().endpoint(endpoint).transport(watching).signed_in(kept).build().unwrap();
    service.sim().revoke_tokens();

    client.rate_limit().await.unwrap();

    assert_eq!(*was_kept.lock().unwrap(), [true, true], "the old one, which was refused, and the new one");
    assert_ne!(fs::read_to_string(&file).unwrap(), before);
}

#[tokio::test]
async fn a_users_token_that_comes_without_a_lifetime_has_the_one_that_it_says_itself_and_serves_the_next_runs() {
    let endless = ScriptedFault::new(On::Token, FaultKind::MissingExpiresIn).times(3);
    let (desk, service) = (Desk::new(), service(Faults::none().with(endless)).await);
    let (store, endpoint) = (desk.store(), at(&service));
    let user = user_of(&service).await;
    let says_itself = user.claims().unwrap().ends_at;
    assert!(says_itself.is_some() && user.token_ends_at() == says_itself, "{says_itself:?}");
    store.keep_signed_in(&endpoint, &user).await.unwrap();

    for _ in 0..2 {
        client_of(&service, store.signed_in(&endpoint).unwrap().unwrap()).rate_limit().await.unwrap();
    }
    assert_eq!(fetched(&service), 1, "the sign-in's own serves on");
    service.sim().revoke_tokens();
    for _ in 0..2 {
        client_of(&service, store.signed_in(&endpoint).unwrap().unwrap()).rate_limit().await.unwrap();
    }

    assert_eq!(fetched(&service), 2, "renewed once, for both runs");
}

#[tokio::test]
async fn a_renewed_refresh_token_is_there_for_the_next_run() {
    let (desk, service) = (Desk::new(), service(Faults::none()).await);
    let (store, endpoint) = (desk.store(), at(&service));
    store.keep_signed_in(&endpoint, &user_of(&service).await).await.unwrap();

    // The simulator's refresh tokens are good once: an old one would end the sign-in.
    for _ in 0..4 {
        let kept = store.signed_in(&endpoint).unwrap().unwrap();
        client_of(&service, kept).rate_limit().await.unwrap();
        service.sim().revoke_tokens();
    }

    assert_eq!(fetched(&service), 1 + 3);
}

#[tokio::test]
async fn two_clients_with_one_sign_in_renew_it_once() {
    let (desk, service) = (Desk::new(), service(Faults::none()).await);
    let (store, endpoint) = (desk.store(), at(&service));
    store.keep_signed_in(&endpoint, &user_of(&service).await).await.unwrap();
    let clients: Vec<Client> = (0..4).map(|_| client_of(&service, store.signed_in(&endpoint).unwrap().unwrap())).collect();
    service.sim().revoke_tokens();

    let answers = futures_util::future::join_all(clients.iter().map(Client::rate_limit)).await;

    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(fetched(&service), 1 + 1);
}

// Processes.

/// What a process is told: the store's folder, the service, and what it is to do.
const TOLD: &str = "ESOLOGS_TEST_STORE";

fn process(desk: &Desk, service: &Running, what: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "token_store::one_process", "--ignored", "--nocapture"]);
    command.env(TOLD, format!("{} {} {what}", desk.folder().display(), service.base_url()));
    command.stdout(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a process of the tests beside it"]
async fn one_process() {
    let told = std::env::var(TOLD).unwrap();
    let [folder, service, what] = told.split(' ').collect::<Vec<_>>()[..] else { panic!("{told}") };
    let (store, endpoint) = (TokenStore::in_folder(folder), Endpoint::new(service).unwrap());
    match what {
        "user" | "key" => {
            let builder = Client::builder().endpoint(endpoint.clone()).transport(sockets()).without_request_rate();
            let builder = match what {
                "user" => builder.signed_in(store.signed_in(&endpoint).unwrap().unwrap()),
                _ => builder.credentials(key()).token_store(store),
            };
            let client = builder.build().unwrap();
            let calls = (0..20).map(|_| client.rate_limit());
            assert!(futures_util::future::join_all(calls).await.iter().all(Result::is_ok));
        }
        "write" => loop {
            for number in 0.. {
                let user = SignedIn::with_token("me", format!("token-{number}-{}", "x".repeat(2_000)));
                store.keep_signed_in(&endpoint, &user.refresh_token(format!("refresh-{number}"))).await.unwrap();
            }
        },
        _ => panic!("{what}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_at_once_make_one_request() {
    for what in ["key", "user"] {
        let (desk, service) = (Desk::new(), service(Faults::none()).await);
        if what == "user" {
            desk.store().keep_signed_in(&at(&service), &user_of(&service).await).await.unwrap();
            service.sim().revoke_tokens();
        }
        let before = fetched(&service);

        let processes: Vec<Child> = (0..2).map(|_| process(&desk, &service, what)).collect();
        let outputs = processes.into_iter().map(|process| tokio::task::spawn_blocking(|| process.wait_with_output().unwrap()));
        let outputs = futures_util::future::join_all(outputs).await;

        for output in outputs {
            let output = output.unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        assert_eq!(fetched(&service) - before, 1, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_killed_while_he_writes_leaves_the_old_or_the_new() {
    let (desk, service) = (Desk::new(), service(Faults::none()).await);
    let (store, endpoint) = (desk.store(), at(&service));
    store.keep_signed_in(&endpoint, &SignedIn::with_token("me", "token-0").refresh_token("refresh-0")).await.unwrap();

    let mut seen = std::collections::BTreeSet::new();
    for round in 0..20 {
        let mut writer = process(&desk, &service, "write");
        // From before its first word to some hundred writes.
        tokio::time::sleep(SECOND / 20 + Duration::from_millis(7) * round).await;
        writer.kill().unwrap();
        writer.wait().unwrap();

        let kept = store.signed_in(&endpoint).unwrap().expect("never half a file, never none");
        let (token, refresh) = (kept.expose_access_token(), kept.expose_refresh_token().unwrap());
        let number = token.split('-').nth(1).unwrap();
        assert_eq!(refresh, format!("refresh-{number}"), "both are of one writing");
        seen.insert(number.to_owned());
    }

    assert!(seen.len() > 5, "they wrote: {seen:?}");
    store.keep_signed_in(&endpoint, &SignedIn::with_token("me", "token")).await.unwrap();
    let left: Vec<PathBuf> =
        desk.files().into_iter().map(|(path, _)| path).filter(|path| path.extension().unwrap_or_default() == "new").collect();
    assert!(left.is_empty(), "{left:?}");
}
