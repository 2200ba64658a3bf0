//! The token of a key, shared through a real Redis by clients and processes on a simulator.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, FaultKind, Faults, On, Running, ScriptedFault, Simulator};
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use super::server::Server;
use crate::{CallPolicy, Client, Credentials, Endpoint, Ledger};

/// What a process of the fleet is told: where Redis is, where the service is, how many callers it has.
const TOLD: &str = "ESOLOGS_TEST_TOKENS";
const PROCESSES: usize = 3;
const CALLERS: usize = 10_000;

const SECOND: Duration = Duration::from_secs(1);
/// What Redis may cost a call that finds it away, with some room for a busy machine.
const AWAY: Duration = Duration::from_millis(900);

/// Tests of processes run one after the other: Redis has half a second for an answer, whatever else the machine does.
static ONE_FLEET: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A service, and the Redis beside it.
struct Scene {
    server: Server,
    service: Running,
}

impl Scene {
    async fn new(faults: Faults) -> Option<Self> {
        let server = Server::start(&[]).await?;
        let sim = Simulator::builder().limit(1_000_000).without_throttle().faults(faults).build().unwrap();
        Some(Self { server, service: sim.start_tcp("127.0.0.1:0").await.unwrap() })
    }

    fn client(&self) -> Client {
        client(&self.service.base_url(), Ledger::in_redis(self.server.url()))
    }

    /// Requests for a token that reached the service.
    fn fetched(&self) -> u64 {
        self.service.sim().stats().by_endpoint.get("/oauth/token").copied().unwrap_or_default()
    }

    async fn key(&self, ending: &str) -> Option<String> {
        let keys: Vec<String> = self.server.ask(&["KEYS", "esologs:*"]).await;
        keys.into_iter().find(|key| key.ends_with(&format!(":v2:{ending}")))
    }

    /// The name of the key that holds the token, once it is there.
    async fn token_key(&self) -> String {
        let started = Instant::now();
        loop {
            if let Some(key) = self.key("token").await {
                return key;
            }
            assert!(started.elapsed() < 5 * SECOND, "no token in Redis");
            sleep(Duration::from_millis(10)).await;
        }
    }

    async fn token(&self) -> String {
        let key = self.token_key().await;
        self.server.ask(&["HGET", &key, "token"]).await
    }

    fn process(&self, name: &str) -> Child {
        let module = module_path!().split_once("::").unwrap().1;
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", &format!("{module}::{name}"), "--ignored", "--nocapture"]);
        command.env(TOLD, format!("{} {} {}", self.server.url(), self.service.base_url(), CALLERS / PROCESSES + 1));
        command.stdout(Stdio::null()).spawn().unwrap()
    }

    /// A process that has the lease. On a busy machine Redis may be late for one, which then fetches for itself.
    async fn fetching_process(&self) -> Child {
        for _ in 0..3 {
            let mut process = self.process("one_process_of_callers");
            let started = Instant::now();
            while started.elapsed() < 5 * SECOND {
                if self.key("token_lease").await.is_some() {
                    return process;
                }
                sleep(Duration::from_millis(10)).await;
            }
            process.kill().unwrap();
            process.wait().unwrap();
        }
        panic!("no process fetches for all");
    }
}

fn client(service: &str, ledger: Ledger) -> Client {
    Client::builder()
        .credentials(Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET).unwrap())
        .endpoint(Endpoint::new(service).unwrap())
        .policy(CallPolicy::interactive())
        .ledger(ledger)
        .without_request_rate()
        .without_single_flight()
        .build()
        .unwrap()
}

/// A token as an attempt gets one, and how long that took.
async fn token_of(client: &Client) -> (String, Duration) {
    let asked = Instant::now();
    let token = client.tokens().get(client, 1, 3).await.unwrap();
    let bearer = token.api_headers()["authorization"].to_str().unwrap().to_owned();
    (bearer.strip_prefix("Bearer ").unwrap().to_owned(), asked.elapsed())
}

// Processes.

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process of the test below"]
async fn one_process_of_callers() {
    let told = std::env::var(TOLD).unwrap();
    let words: Vec<&str> = told.split(' ').collect();
    let [url, service, callers] = words[..] else { panic!("{told}") };
    let client = client(service, Ledger::in_redis(url));
    let mut redis = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();

    client.rate_limit().await.unwrap();
    let old = client.tokens().get(&client, 1, 3).await.unwrap();
    let _: () = redis::cmd("INCR").arg("ready").query_async(&mut redis).await.unwrap();
    while redis::cmd("EXISTS").arg("revoked").query_async::<i64>(&mut redis).await.unwrap() == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    // Each was told 401.
    let herd = (0..callers.parse().unwrap()).map(|_| {
        let (client, old) = (client.clone(), old.clone());
        tokio::spawn(async move {
            client.tokens().reject(&old);
            token_of(&client).await.0
        })
    });
    let tokens = join_all(herd).await;
    client.rate_limit().await.unwrap();

    let first = tokens[0].as_ref().unwrap();
    assert!(tokens.iter().all(|token| token.as_ref().unwrap() == first));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_callers_of_three_processes_fetch_one_token_and_one_more_when_it_is_rejected() {
    let _one = ONE_FLEET.lock().await;
    let Some(scene) = Scene::new(Faults::none()).await else { return };
    let mut processes: Vec<Child> = (0..PROCESSES).map(|_| scene.process("one_process_of_callers")).collect();
    while scene.server.ask::<Option<usize>>(&["GET", "ready"]).await != Some(PROCESSES) {
        assert!(processes.iter_mut().all(|process| process.try_wait().unwrap().is_none()), "one ended early");
        sleep(Duration::from_millis(10)).await;
    }
    let fetched_at_first = scene.fetched();

    scene.service.sim().revoke_tokens();
    let _: () = scene.server.ask(&["SET", "revoked", "1"]).await;
    let ended: Vec<bool> = processes.iter_mut().map(|process| process.wait().unwrap().success()).collect();

    assert_eq!(ended, [true; PROCESSES]);
    assert_eq!((fetched_at_first, scene.fetched()), (1, 2));
    assert_eq!(scene.key("token_lease").await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_process_that_fetches_is_killed_another_one_fetches_after_its_lease() {
    let _one = ONE_FLEET.lock().await;
    let hangs = ScriptedFault::new(On::Token, FaultKind::Delay).times(100).delay(60 * SECOND);
    let Some(scene) = Scene::new(Faults::none().with(hangs)).await else { return };
    let mut fetcher = scene.fetching_process().await;

    fetcher.kill().unwrap();
    fetcher.wait().unwrap();
    let fetched_before = scene.fetched();
    scene.service.sim().set_faults(Faults::none());
    let clients: Vec<Client> = (0..3).map(|_| scene.client()).collect();
    let tokens = join_all(clients.iter().map(token_of)).await;

    println!("after the kill: {:?}", tokens.iter().map(|(_, took)| took.as_millis()).collect::<Vec<_>>());
    let (first, _) = &tokens[0];
    for (token, took) in &tokens {
        assert_eq!(token, first);
        assert!(*took > 2 * SECOND && *took < 8 * SECOND, "{took:?}");
    }
    assert_eq!(scene.fetched(), fetched_before + 1, "one for all");
}

// Turns.

#[tokio::test]
async fn a_fetch_that_takes_longer_than_a_lease_stays_the_only_one() {
    let slow = ScriptedFault::new(On::Token, FaultKind::Delay).delay(8 * SECOND);
    let Some(scene) = Scene::new(Faults::none().with(slow)).await else { return };
    let (one, other) = (scene.client(), scene.client());

    let ((first, _), (second, _)) = tokio::join!(token_of(&one), token_of(&other));

    assert_eq!(first, second);
    assert_eq!(scene.fetched(), 1);
}

#[tokio::test]
async fn who_is_cancelled_while_it_fetches_goes_on_to_fetch_for_all() {
    let slow = ScriptedFault::new(On::Token, FaultKind::Delay).delay(3 * SECOND);
    let Some(scene) = Scene::new(Faults::none().with(slow)).await else { return };
    let (one, other) = (scene.client(), scene.client());

    tokio::time::timeout(SECOND, token_of(&one)).await.unwrap_err();
    let (shared, took) = token_of(&other).await;

    assert!((SECOND..5 * SECOND).contains(&took), "{took:?}");
    assert_eq!((scene.fetched(), token_of(&one).await.0), (1, shared));
}

#[tokio::test]
async fn where_the_one_that_fetches_fails_the_next_one_tries() {
    let refused = ScriptedFault::new(On::Token, FaultKind::Status).status(403);
    let Some(scene) = Scene::new(Faults::none().with(refused)).await else { return };
    let (one, other) = (scene.client(), scene.client());

    let (first, second) = tokio::join!(one.tokens().get(&one, 1, 3), async { other.tokens().get(&other, 1, 3).await });

    assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(scene.fetched(), 2);
}

#[tokio::test]
async fn a_token_about_to_end_is_renewed_by_one_while_the_others_go_on_with_it() {
    let slow = ScriptedFault::new(On::Token, FaultKind::Delay).nth(2).delay(2 * SECOND);
    let Some(scene) = Scene::new(Faults::none().with(slow)).await else { return };
    let (old, _) = token_of(&scene.client()).await;
    // Redis' own time says when it ends.
    let _: i64 = scene.server.ask(&["PEXPIRE", &scene.token_key().await, "60000"]).await;

    let clients: Vec<Client> = (0..3).map(|_| scene.client()).collect();
    let at_first = join_all(clients.iter().map(token_of)).await;
    let at_last = join_all(clients.iter().map(|client| async {
        let started = Instant::now();
        loop {
            match token_of(client).await.0 {
                token if token == old && started.elapsed() < 10 * SECOND => sleep(SECOND / 10).await,
                token => return token,
            }
        }
    }))
    .await;

    let slowest = at_first.iter().map(|(_, took)| *took).max();
    assert!(slowest < Some(SECOND), "they waited: {slowest:?}");
    assert!(at_first.iter().all(|(token, _)| *token == old));
    assert!(at_last[0] != old && at_last.iter().all(|token| *token == at_last[0]), "all go over to one and the same");
    assert_eq!(scene.fetched(), 2);
}

// Trouble.

#[tokio::test]
async fn without_redis_each_goes_on_by_itself_and_offers_its_token_when_redis_is_back() {
    let Some(mut scene) = Scene::new(Faults::none()).await else { return };
    let client = scene.client();
    client.rate_limit().await.unwrap();
    scene.token_key().await;

    scene.server.kill();
    scene.service.sim().revoke_tokens();
    let asked = Instant::now();
    client.rate_limit().await.unwrap();
    let took = asked.elapsed();
    scene.server.start_again().await;
    let offered = scene.token().await;
    let other = scene.client();
    other.rate_limit().await.unwrap();

    assert!(took < AWAY, "{took:?}");
    assert_eq!((token_of(&client).await.0, token_of(&other).await.0), (offered.clone(), offered));
    assert_eq!(scene.fetched(), 2);
}

#[tokio::test]
async fn a_redis_that_hangs_costs_half_a_second_once() {
    let Some(scene) = Scene::new(Faults::none()).await else { return };
    let client = scene.client();
    client.rate_limit().await.unwrap();
    let old = client.tokens().get(&client, 1, 3).await.unwrap();

    scene.server.signal("STOP");
    client.tokens().reject(&old);
    let (token, first) = token_of(&client).await;
    let (again, second) = token_of(&client).await;
    scene.server.signal("CONT");

    assert!(first < AWAY && second < Duration::from_millis(10), "{first:?} {second:?}");
    assert_eq!(token, again);
    let started = Instant::now();
    while scene.token().await != token {
        assert!(started.elapsed() < 5 * SECOND, "it was not offered");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn where_redis_hangs_and_no_token_can_be_had_callers_do_not_wait_for_redis_one_by_one() {
    let refused = ScriptedFault::new(On::Token, FaultKind::Status).status(403).times(1_000);
    let Some(scene) = Scene::new(Faults::none().with(refused)).await else { return };
    let client = scene.client();
    client.points().await;

    scene.server.signal("STOP");
    let asked = Instant::now();
    let answers = join_all((0..100).map(|call| client.tokens().get(&client, call, 3))).await;
    let took = asked.elapsed();
    scene.server.signal("CONT");

    assert!(answers.iter().all(Result::is_err));
    assert!(took < AWAY, "{took:?}");
}

#[tokio::test]
async fn a_call_survives_that_the_token_of_the_others_is_rejected_as_well() {
    let Some(scene) = Scene::new(Faults::none()).await else { return };
    let (one, other) = (scene.client(), scene.client());
    one.rate_limit().await.unwrap();
    let _: i64 = scene.server.ask(&["DEL", &scene.token_key().await]).await;
    other.rate_limit().await.unwrap();
    assert_ne!(token_of(&one).await.0, scene.token().await);

    scene.service.sim().revoke_tokens();
    one.rate_limit().await.unwrap();
    other.rate_limit().await.unwrap();

    assert_eq!(token_of(&one).await.0, token_of(&other).await.0);
    assert_eq!(scene.fetched(), 3);
}

#[tokio::test]
async fn what_lies_there_and_is_no_token_of_this_key_is_replaced() {
    let Some(scene) = Scene::new(Faults::none()).await else { return };
    token_of(&scene.client()).await;
    let key = scene.token_key().await;
    let whose: String = scene.server.ask(&["HGET", &key, "whose"]).await;
    let hash = |whose: &str, token: &str, renewed: &str| {
        ["HSET", &key, "whose", whose, "token", token, "renewed_before_ms", renewed].map(str::to_owned).to_vec()
    };
    let words = |words: [&str; 3]| words.map(str::to_owned).to_vec();
    let strange = [
        (words(["SET", &key, "token"]), true),
        (words(["RPUSH", &key, "token"]), true),
        (hash("https://elsewhere.test/api/v2/client me", "planted", ""), true),
        (hash(&whose, "", ""), true),
        (hash(&whose, "two words\r\n", ""), true),
        (hash(&whose, "planted", "soon"), true),
        (hash(&whose, "without-an-end", ""), false),
    ];

    for (command, ends) in strange {
        let _: i64 = scene.server.ask(&["DEL", &key]).await;
        let _: redis::Value = scene.server.ask(&command.iter().map(String::as_str).collect::<Vec<_>>()).await;
        if ends {
            let _: i64 = scene.server.ask(&["PEXPIRE", &key, "99999999999"]).await;
        }
        let before = scene.fetched();
        let (token, _) = token_of(&scene.client()).await;

        assert_eq!(scene.fetched(), before + 1, "{command:?}");
        let started = Instant::now();
        while scene.server.ask::<redis::Value>(&["TYPE", &key]).await != redis::Value::SimpleString("hash".into())
            || scene.token().await != token
        {
            assert!(started.elapsed() < SECOND, "it was not replaced: {command:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

// What is kept, and what is not.

#[tokio::test]
async fn a_token_without_a_lifetime_is_shared_as_well() {
    let endless = ScriptedFault::new(On::Token, FaultKind::MissingExpiresIn);
    let Some(scene) = Scene::new(Faults::none().with(endless)).await else { return };

    let (first, _) = token_of(&scene.client()).await;
    let key = scene.token_key().await;
    let (second, _) = token_of(&scene.client()).await;

    assert_eq!((first, scene.fetched()), (second, 1));
    let days = scene.server.ask::<i64>(&["TTL", &key]).await / 86_400;
    assert!((29..=30).contains(&days), "{days}");
}

#[tokio::test]
async fn another_key_and_another_service_have_tokens_of_their_own() {
    let Some(scene) = Scene::new(Faults::none()).await else { return };
    let elsewhere = Simulator::builder().build().unwrap().start_tcp("127.0.0.1:0").await.unwrap();
    token_of(&scene.client()).await;
    scene.token_key().await;

    let other = client(&elsewhere.base_url(), Ledger::in_redis(scene.server.url()));
    token_of(&other).await;

    assert_eq!((scene.fetched(), elsewhere.sim().stats().tokens_issued), (1, 1));
}

#[tokio::test]
async fn where_it_is_switched_off_no_token_is_written_or_read() {
    let Some(scene) = Scene::new(Faults::none()).await else { return };
    let alone = || client(&scene.service.base_url(), Ledger::in_redis(scene.server.url()).without_shared_token());

    alone().rate_limit().await.unwrap();
    alone().rate_limit().await.unwrap();

    assert_eq!((scene.fetched(), scene.key("token").await, scene.key("token_lease").await), (2, None, None));
    assert!(scene.key("account").await.is_some(), "points are shared all the same");
}

#[tokio::test]
async fn the_shared_token_shows_itself_nowhere() {
    let Some(scene) = Scene::new(Faults::none()).await else { return };
    let client = scene.client();
    client.rate_limit().await.unwrap();
    let token = scene.token().await;
    let _: () = scene.server.ask(&["CONFIG", "SET", "maxmemory", "1"]).await;
    scene.service.sim().revoke_tokens();
    client.rate_limit().await.unwrap();

    let why = client.points().await;
    let shown = format!("{client:?} {:?} {why:?}", client.gate().unwrap());

    assert!(!shown.contains(&token) && !shown.contains(&token_of(&client).await.0), "{shown}");
    assert!(shown.contains("no memory left"), "{shown}");
}
