//! A user signs in: through the simulator's page, over real sockets, with the test as the browser.

use std::net::Ipv4Addr;
use std::time::Duration;

use esologs::{BegunSignIn, Class, Client, Endpoint, Error, ErrorKind, Scope, SignIn, SignedIn};
use esologs_sim::{
    Credentials as Key, DEMO_PUBLIC_CLIENT_ID, FaultKind, Faults, On, RefreshTokens, Running, ScriptedFault, SignInSettings,
    Simulator,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{everything_shown, sockets};

const SECOND: Duration = Duration::from_secs(1);

async fn service(settings: SignInSettings, faults: Faults) -> Running {
    let sim = Simulator::builder().credentials(Key::demo()).sign_in(settings).faults(faults).build().unwrap();
    sim.start_tcp("127.0.0.1:0").await.unwrap()
}

async fn plain_service() -> Running {
    service(SignInSettings::default(), Faults::none()).await
}

fn sign_in_at(service: &Running) -> SignIn {
    SignIn::new(DEMO_PUBLIC_CLIENT_ID)
        .endpoint(Endpoint::new(&service.base_url()).unwrap())
        .redirect("http://127.0.0.1:0/callback")
        .unwrap()
        .transport(sockets())
        .timeout(20 * SECOND)
}

/// What a browser is told: status, where it is sent, and the page.
struct Shown {
    status: u16,
    location: String,
    page: String,
}

/// A request of a browser.
async fn browse(method: &str, url: &str, form: &str) -> Shown {
    let url: http::Uri = url.parse().unwrap();
    let target = url.path_and_query().unwrap();
    let host = url.authority().unwrap();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{form}",
        form.len()
    );
    let mut stream = TcpStream::connect((host.host(), host.port_u16().unwrap())).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_default();
    Shown { status: answer[9..12].parse().unwrap(), location: location.to_owned(), page: answer.clone() }
}

/// The user opens the address and decides; where the browser is sent then.
async fn decide(url: &str, form: &str) -> String {
    let page = browse("GET", url, "").await;
    assert!(page.status == 200 && page.page.contains("id=\"allow\""), "{}", page.page);
    let sent = browse("POST", url, form).await;
    assert_eq!(sent.status, 302, "{}", sent.page);
    sent.location
}

/// The user opens the address and agrees.
pub(crate) async fn agree_in_browser(url: &str) {
    let back = decide(url, "decision=allow").await;
    browse("GET", &back, "").await;
}

/// The whole way of a user who agrees.
async fn agree(begun: BegunSignIn) -> (Result<SignedIn, Error>, Shown) {
    let url = begun.authorize_url().to_owned();
    tokio::join!(begun.finish(), async {
        let back = decide(&url, "user=2&decision=allow").await;
        browse("GET", &back, "").await
    })
}

fn query(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    let value = query.split('&').find_map(|field| field.strip_prefix(&format!("{name}=")));
    value.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_user_who_agrees_is_signed_in_with_and_without_a_secret_of_the_client() {
    let service = plain_service().await;
    let key = esologs::Credentials::new(esologs_sim::DEMO_CLIENT_ID, esologs_sim::DEMO_CLIENT_SECRET).unwrap();
    for sign_in in [SignIn::new(DEMO_PUBLIC_CLIENT_ID), SignIn::with_credentials(&key)] {
        let endpoint = Endpoint::new(&service.base_url()).unwrap();
        let sign_in = sign_in.endpoint(endpoint.clone()).redirect("http://127.0.0.1:0/callback").unwrap().transport(sockets());
        let begun = sign_in.begin().await.unwrap();
        assert_eq!(
            (query(begun.authorize_url(), "code_challenge_method").as_str(), query(begun.authorize_url(), "state").len()),
            ("S256", 43)
        );

        let (user, page) = agree(begun).await;

        let user = user.unwrap();
        assert!(page.status == 200 && page.page.contains("You are signed in"), "{}", page.page);
        let claims = user.claims().unwrap();
        assert_eq!(claims.user_id.as_deref(), Some("2"));
        assert_eq!(claims.scopes, ["view-user-profile", "view-private-reports"]);
        assert!(user.is_renewable() && user.token_ends_at().is_some());
        let client = Client::builder().endpoint(endpoint).transport(sockets()).signed_in(user).build().unwrap();
        client.rate_limit().await.unwrap();
    }
}

#[tokio::test]
async fn a_user_who_denies_is_told_and_so_is_the_program() {
    let service = plain_service().await;
    let begun = sign_in_at(&service).scopes([Scope::ViewUserProfile]).begin().await.unwrap();
    let url = begun.authorize_url().to_owned();

    let (user, page) = tokio::join!(begun.finish(), async {
        let back = decide(&url, "decision=deny").await;
        browse("GET", &back, "").await
    });

    let error = user.unwrap_err();
    assert_eq!((error.kind(), query(&url, "scope").as_str()), (ErrorKind::Auth, "view-user-profile"));
    assert!(error.to_string().contains("was denied in the browser"), "{error}");
    assert!(page.page.contains("You are not signed in"), "{}", page.page);
}

#[tokio::test]
async fn an_answer_with_another_state_is_refused_and_the_right_one_is_waited_for() {
    let service = plain_service().await;
    let begun = sign_in_at(&service).begin().await.unwrap();
    let (url, address) = (begun.authorize_url().to_owned(), begun.redirect_url().to_owned());

    let (user, pages) = tokio::join!(begun.finish(), async {
        let mut pages = Vec::new();
        for query in ["code=def50200&state=wrong", "code=def50200", "error=access_denied&state=wrong"] {
            pages.push(browse("GET", &format!("{address}?{query}"), "").await);
        }
        let back = decide(&url, "decision=allow").await;
        browse("GET", &back, "").await;
        pages
    });

    user.unwrap();
    for page in pages {
        assert!(page.status == 400 && page.page.contains("does not belong to the sign-in"), "{}", page.page);
    }
}

#[tokio::test]
async fn a_browser_may_open_what_it_likes_beside_the_answer() {
    let service = plain_service().await;
    let begun = sign_in_at(&service).begin().await.unwrap();
    let (url, address) = (begun.authorize_url().to_owned(), begun.redirect_url().to_owned());
    let authority: http::Uri = address.parse().unwrap();
    let port = authority.port_u16().unwrap();

    let (user, icon) = tokio::join!(begun.finish(), async {
        // Silent connections, as browsers open them ahead; one that says half a word; one that says nonsense.
        let mut silent = Vec::new();
        for _ in 0..20 {
            silent.push(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap());
        }
        silent[0].write_all(b"GET /callback?code=").await.unwrap();
        silent[1].write_all(&[0x16, 3, 1, 0, 13, 10, 13, 10]).await.unwrap();
        let icon = browse("GET", &format!("http://127.0.0.1:{port}/favicon.ico"), "").await;
        let back = decide(&url, "decision=allow").await;
        browse("GET", &back, "").await;
        icon
    });

    user.unwrap();
    assert_eq!(icon.status, 404);
}

#[tokio::test]
async fn a_sign_in_that_nobody_answers_ends_and_tells_of_answers_that_were_not_its_own() {
    let service = plain_service().await;
    let begun = || async { sign_in_at(&service).timeout(SECOND / 2).begin().await.unwrap() };

    let silent = begun().await.finish().await.unwrap_err();
    let other = begun().await;
    let address = format!("{}?code=a&state=b", other.redirect_url());
    let (foreign, _) = tokio::join!(other.finish(), browse("GET", &address, ""));

    assert_eq!(silent.kind(), ErrorKind::Stopped);
    assert!(silent.to_string().contains("nobody answered the sign-in within"), "{silent}");
    let foreign = foreign.unwrap_err().to_string();
    assert!(foreign.contains("but 1 of another one"), "{foreign}");
}

#[tokio::test]
async fn a_sign_in_that_is_given_up_listens_no_more() {
    let service = plain_service().await;
    let begun = sign_in_at(&service).begin().await.unwrap();
    let address: http::Uri = begun.redirect_url().parse().unwrap();
    let port = address.port_u16().unwrap();

    tokio::time::timeout(SECOND / 10, begun.finish()).await.unwrap_err();

    let refused = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_stolen_code_is_of_no_use_without_the_proof() {
    let service = plain_service().await;
    let begun = sign_in_at(&service).begin().await.unwrap();
    let back = decide(begun.authorize_url(), "decision=allow").await;
    let form = format!(
        "grant_type=authorization_code&client_id={DEMO_PUBLIC_CLIENT_ID}&code={}&redirect_uri={}&code_verifier={}",
        query(&back, "code"),
        begun.redirect_url(),
        "a".repeat(43)
    );

    let answer = browse("POST", &format!("{}/oauth/token", service.base_url()), &form).await;

    assert!(answer.status == 400 && answer.page.contains("Failed to verify `code_verifier`."), "{}", answer.page);
}

#[tokio::test]
async fn a_code_that_the_service_does_not_take_is_told_to_the_user_and_the_program() {
    let late = SignInSettings { code_lifetime: Duration::ZERO, ..SignInSettings::default() };
    let service = service(late, Faults::none()).await;

    let (user, page) = agree(sign_in_at(&service).begin().await.unwrap()).await;

    let error = user.unwrap_err();
    assert_eq!((error.kind(), error.class()), (ErrorKind::Auth, Some(Class::SignInNeeded)));
    assert!(error.to_string().contains("Authorization code has expired"), "{error}");
    assert!(page.page.contains("The service gave no token"), "{}", page.page);
    assert!(!everything_shown(&error).contains("def50200"), "no code in the error: {error:?}");
}

#[tokio::test]
async fn a_token_endpoint_that_stumbles_does_not_cost_the_users_agreement() {
    let busy = ScriptedFault::new(On::Token, FaultKind::Status).status(503);
    let service = service(SignInSettings::default(), Faults::none().with(busy)).await;

    let (user, _) = agree(sign_in_at(&service).begin().await.unwrap()).await;

    user.unwrap();
}

#[tokio::test]
async fn an_unknown_client_or_address_is_shown_by_the_service_and_not_sent_back() {
    let service = plain_service().await;
    let unknown = SignIn::new("nobody").endpoint(Endpoint::new(&service.base_url()).unwrap()).transport(sockets());
    let elsewhere = sign_in_at(&service).redirect("http://127.0.0.1:0/elsewhere").unwrap();
    for sign_in in [unknown.redirect("http://127.0.0.1:0/callback").unwrap(), elsewhere] {
        let begun = sign_in.begin().await.unwrap();

        let shown = browse("GET", begun.authorize_url(), "").await;

        assert_eq!((shown.status, shown.location.as_str()), (401, ""));
        assert!(shown.page.contains("invalid_client"), "{}", shown.page);
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let service = plain_service().await;
    let first = sign_in_at(&service).begin().await.unwrap();

    let error = sign_in_at(&service).redirect(first.redirect_url()).unwrap().begin().await.unwrap_err();

    let port = first.redirect_url().rsplit_once(':').unwrap().1.trim_end_matches("/callback");
    assert!(error.to_string().contains(&format!("on port {port} of this machine")), "{error}");
    assert!(error.hint().unwrap().contains("--port"));
}

#[tokio::test]
async fn nothing_that_prints_holds_what_a_sign_in_is_protected_by() {
    let service = plain_service().await;
    let sign_in = sign_in_at(&service);
    let shown_before = format!("{sign_in:?}");
    let begun = sign_in.begin().await.unwrap();
    let state = query(begun.authorize_url(), "state");
    let challenge = query(begun.authorize_url(), "code_challenge");
    let shown = format!("{shown_before}{begun:?}");

    let (user, page) = agree(begun).await;

    let user = user.unwrap();
    let shown = format!("{shown}{user:?}{}", page.page);
    let secrets = [&state, &challenge, user.expose_access_token(), user.expose_refresh_token().unwrap(), "def50200"];
    for secret in secrets {
        assert!(!secret.is_empty() && !shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn a_users_token_is_renewed_by_every_rule_of_the_service() {
    for rule in [RefreshTokens::Rotate, RefreshTokens::Add, RefreshTokens::Keep] {
        let service = service(SignInSettings { refresh_tokens: rule, ..SignInSettings::default() }, Faults::none()).await;
        let (user, _) = agree(sign_in_at(&service).begin().await.unwrap()).await;
        let endpoint = Endpoint::new(&service.base_url()).unwrap();
        let client = Client::builder().endpoint(endpoint).transport(sockets()).signed_in(user.unwrap()).build().unwrap();

        for _ in 0..3 {
            client.rate_limit().await.unwrap();
            service.sim().revoke_tokens();
        }
        client.rate_limit().await.unwrap();
        service.sim().revoke_sign_ins();
        let error = client.rate_limit().await.unwrap_err();

        assert_eq!(error.class(), Some(Class::SignInNeeded), "{rule:?}: {error}");
    }
}

#[cfg(feature = "blocking")]
#[test]
fn a_program_without_a_runtime_signs_a_user_in_as_well() {
    use esologs::blocking::Wait as _;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let service = runtime.block_on(plain_service());

    let begun = sign_in_at(&service).begin().wait().unwrap();
    let url = begun.authorize_url().to_owned();
    let browser = runtime.spawn(async move {
        let back = decide(&url, "decision=allow").await;
        browse("GET", &back, "").await.status
    });
    let user = begun.finish().wait().unwrap();

    assert!(user.is_renewable());
    assert_eq!(runtime.block_on(browser).unwrap(), 200);
}
