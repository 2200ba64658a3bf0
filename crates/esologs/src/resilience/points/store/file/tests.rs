//! One store, or several, in one process. For processes see `processes.rs`.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fastrand::Rng;
use futures_util::FutureExt as _;
use tempfile::TempDir;
use tokio::time::Instant;

use super::slots::{self, Found};
use super::*;
use crate::resilience::Priority;
use crate::resilience::points::{Account, Refusal, Refused, Snapshot, Standing, Why};

pub(super) const NOW_MS: i64 = 1_790_000_000_000;
const BUCKET: &str = "0123abcd";

pub(super) fn settings() -> LedgerSettings {
    LedgerSettings { safety: 0.0, ..LedgerSettings::default() }
}

fn open(folder: &Path) -> FileStore {
    FileStore::open(folder, BUCKET, settings())
}

/// A folder that does not exist yet, in one that does.
fn place() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("esologs").join("ledger");
    (parent, folder)
}

fn ledger(folder: &Path) -> PathBuf {
    folder.join(format!("{BUCKET}.points"))
}

pub(super) fn reserve(estimate: f64) -> Step<'static> {
    let (owner, operation) = ("bot", "Guild");
    let priority = Priority::Interactive;
    Step::Reserve(Ask {
        estimate,
        expected: estimate,
        is_guess: false,
        priority,
        owner,
        operation,
        shape: 7,
        lease_ms: 600_000,
        is_probe: false,
    })
}

pub(super) fn finish(id: u64) -> Step<'static> {
    Step::Finish(Finish { id, charge: Charge::Yes, snapshot: None, refused: None })
}

/// Nothing was sent.
fn give_back(id: u64) -> Step<'static> {
    Step::Finish(Finish { id, charge: Charge::No, snapshot: None, refused: None })
}

/// Tells of a window of this limit, in which nothing is spent yet.
pub(super) fn window(limit: f64, now_ms: i64) -> Step<'static> {
    let snapshot = Snapshot { limit, spent: 0.0, reset_in_s: 3_000.0, sent_ms: now_ms, received_ms: now_ms };
    Step::Finish(Finish { id: 0, charge: Charge::No, snapshot: Some(snapshot), refused: None })
}

pub(super) fn id_of(stepped: Stepped) -> u64 {
    match stepped.outcome {
        Outcome::Reserved(id) => id,
        other => panic!("no points were set aside: {other:?}"),
    }
}

async fn standing(store: &FileStore, now_ms: i64) -> Standing {
    store.step(Step::Look, now_ms).await.standing
}

fn why_alone(store: &FileStore) -> String {
    match store.state() {
        StoreState::Alone(why) => why.to_string(),
        StoreState::Shared => panic!("it is shared"),
    }
}

#[tokio::test(start_paused = true)]
async fn stores_of_one_bucket_have_one_account_and_another_bucket_has_its_own() {
    let (_parent, folder) = place();
    let (first, second, other) = (open(&folder), open(&folder), FileStore::open(&folder, "other", settings()));
    first.step(window(100.0, NOW_MS), NOW_MS).await;
    other.step(window(700.0, NOW_MS), NOW_MS).await;

    id_of(first.step(reserve(40.0), NOW_MS).await);
    id_of(second.step(reserve(40.0), NOW_MS).await);
    let held = first.step(reserve(20.0), NOW_MS).await;

    assert!(matches!(held.outcome, Outcome::Held(Refusal { why: Why::OnTheirWay, .. })), "{held:?}");
    assert_eq!(held.standing.reserved, 80.0);
    assert_eq!(standing(&other, NOW_MS).await.reserved, 0.0);
}

#[tokio::test(start_paused = true)]
async fn random_steps_of_three_stores_give_what_one_account_gives() {
    let mut steps = 0;
    for seed in 0..20 {
        let (mut rng, (_parent, folder)) = (Rng::with_seed(seed), place());
        let mut stores = [open(&folder), open(&folder), open(&folder)];
        let (mut plain, mut ids, mut now_ms) = (Account::default(), HashMap::new(), NOW_MS);
        for _ in 0..300 {
            // The clock goes on, sometimes far, and is set back sometimes.
            now_ms += *rng.choice(&[0, 1, 40, 900, 20_000, 400_000, -3_000_000]).unwrap();
            let at = rng.usize(..3);
            if rng.u8(..20) == 0 {
                let reopened = open(&folder);
                // Its reservations must not be taken for a dead one's here: both live for a moment, then the old one has none.
                if ids.is_empty() {
                    stores[at] = reopened;
                }
            }
            let step = random_step(&mut rng, now_ms, &ids);

            let (there, here) = (stores[at].step(step.0, now_ms).await, plain.step(step.1, &settings(), now_ms));

            assert_eq!(there.standing, here.standing, "seed {seed}, {:?}", step.1);
            match (there.outcome, here.outcome) {
                (Outcome::Reserved(there), Outcome::Reserved(here)) => drop(ids.insert(here, there)),
                (there, here) => assert_eq!(there, here, "seed {seed}"),
            }
            if let Step::Finish(Finish { id, .. }) = step.1 {
                ids.remove(&id);
            }
            steps += 1;
        }
        assert_eq!(stores[0].state(), StoreState::Shared);
        let rows = stores[0].spenders(now_ms).await;
        assert_eq!(rows, plain.spenders.rows());
    }
    assert_eq!(steps, 6_000);
}

/// The same step for the stores and for the account, which know reservations by numbers of their own.
fn random_step(rng: &mut Rng, now_ms: i64, ids: &HashMap<u64, u64>) -> (Step<'static>, Step<'static>) {
    let both = |step| (step, step);
    match rng.u8(..10) {
        0 => both(Step::Probe),
        1 => both(Step::Look),
        2..6 => {
            let priority = if rng.bool() { Priority::Interactive } else { Priority::Batch };
            let (owner, operation) = (["cli", "bot"][rng.usize(..2)], ["Guild", "Report", "Events"][rng.usize(..3)]);
            let (estimate, lease_ms) = (0.1 + 20.0 * rng.f64(), rng.i64(1..100_000));
            let expected = estimate * rng.f64();
            both(Step::Reserve(Ask {
                estimate,
                expected,
                is_guess: rng.bool(),
                priority,
                owner,
                operation,
                shape: 7,
                lease_ms,
                is_probe: rng.u8(..9) == 0,
            }))
        }
        _ => {
            let (here, there) = ids.iter().min().map_or((0, 0), |(here, there)| (*here, *there));
            let charge = *rng.choice(&[Charge::No, Charge::Yes, Charge::Maybe]).unwrap();
            let (sent_ms, spent) = (now_ms - rng.i64(1..4_000), 300.0 * rng.f64());
            let reset_in_s = f64::from(rng.u32(..3_600));
            let snapshot = Snapshot { limit: 300.0, spent, reset_in_s, sent_ms, received_ms: now_ms };
            let snapshot = rng.bool().then_some(snapshot);
            let refused = (rng.u8(..15) == 0).then_some(Refused { retry_after_ms: None, sent_ms });
            let finish = |id| Step::Finish(Finish { id, charge, snapshot, refused });
            (finish(there), finish(here))
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_store_that_is_gone_had_on_its_way_is_ambiguous_within_a_second() {
    let (_parent, folder) = place();
    let (gone, stays) = (open(&folder), open(&folder));
    gone.step(window(100.0, NOW_MS), NOW_MS).await;
    id_of(gone.step(reserve(7.0), NOW_MS).await);
    id_of(stays.step(reserve(5.0), NOW_MS).await);

    drop(gone);

    let after = standing(&stays, NOW_MS + 1_000).await;
    assert_eq!((after.reserved, after.ambiguous), (5.0, 7.0));
    assert_eq!(files_of_the_living(&folder), 1);
}

#[tokio::test(start_paused = true)]
async fn a_file_of_a_later_version_is_left_alone_and_the_state_says_to_update() {
    let (_parent, folder) = place();
    fs::create_dir_all(&folder).unwrap();
    let mut slot = slots::slot_bytes(1, b"what only a later version can read").unwrap();
    slot[8] = 9;
    fs::write(ledger(&folder), &slot).unwrap();

    let store = open(&folder);
    id_of(store.step(reserve(1.0), NOW_MS).await);

    assert!(why_alone(&store).contains("format 9, of a later version of this program; update this one"), "{}", why_alone(&store));
    assert_eq!(fs::read(ledger(&folder)).unwrap(), slot);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_file_is_moved_aside_and_a_new_one_is_begun_with_what_is_known() {
    let (_parent, folder) = place();
    let store = open(&folder);
    store.step(window(100.0, NOW_MS), NOW_MS).await;
    let before = id_of(store.step(reserve(7.0), NOW_MS).await);
    for spoilt in [&b"first"[..], b"second"] {
        fs::write(ledger(&folder), spoilt).unwrap();
        store.step(Step::Look, NOW_MS).await;
        assert!(why_alone(&store).contains(".points.bad-"), "{}", why_alone(&store));
    }
    let meanwhile = id_of(store.step(reserve(2.0), NOW_MS).await);

    let after = open(&folder).step(Step::Look, NOW_MS).await.standing;

    assert_eq!(store.state(), StoreState::Shared);
    assert_eq!((after.limit, after.reserved), (Some(100.0), 9.0));
    assert_ne!(before, meanwhile);
    assert_eq!(fs::read(folder.join(format!("{BUCKET}.points.bad-1"))).unwrap(), b"first");
    assert_eq!(fs::read(folder.join(format!("{BUCKET}.points.bad-2"))).unwrap(), b"second");
}

#[tokio::test(start_paused = true)]
async fn where_the_folder_cannot_be_made_a_store_works_alone_and_comes_back_by_itself() {
    let (parent, folder) = place();
    fs::write(parent.path().join("esologs"), "a file where the folder should be").unwrap();
    let store = open(&folder);
    assert!(why_alone(&store).contains("cannot be opened"), "{}", why_alone(&store));
    store.step(window(100.0, NOW_MS), NOW_MS).await;
    let (over, open_still) = (id_of(store.step(reserve(3.0), NOW_MS).await), id_of(store.step(reserve(4.0), NOW_MS).await));
    store.step(finish(over), NOW_MS).await;
    let more = store.step(reserve(20.0), NOW_MS).await;
    id_of(more);
    let too_much = store.step(reserve(24.0), NOW_MS).await;
    assert!(matches!(too_much.outcome, Outcome::Held(Refusal { why: Why::Unsettled, .. })), "half of 98.5: {too_much:?}");
    store.step(give_back(id_of(more)), NOW_MS).await;

    fs::remove_file(parent.path().join("esologs")).unwrap();
    let back = standing(&store, NOW_MS + 1).await;

    assert_eq!(store.state(), StoreState::Shared);
    assert_eq!((back.limit, back.settling, back.reserved), (Some(100.0), 3.0, 4.0));
    let other = open(&folder);
    assert_eq!(standing(&other, NOW_MS + 1).await.reserved, 4.0);
    store.step(finish(open_still), NOW_MS + 2).await;
    assert_eq!(standing(&other, NOW_MS + 2).await.reserved, 0.0);
}

#[tokio::test(start_paused = true)]
async fn a_file_or_a_folder_that_is_removed_is_made_again_with_what_is_known() {
    let (_parent, folder) = place();
    let (first, second) = (open(&folder), open(&folder));
    first.step(window(100.0, NOW_MS), NOW_MS).await;
    let id = id_of(first.step(reserve(7.0), NOW_MS).await);
    let id_of_second = id_of(second.step(reserve(5.0), NOW_MS).await);

    fs::remove_file(ledger(&folder)).unwrap();
    assert_eq!(standing(&second, NOW_MS).await.reserved, 12.0);
    id_of(second.step(reserve(1.0), NOW_MS).await);
    assert_eq!(standing(&first, NOW_MS).await.reserved, 13.0);
    fs::remove_dir_all(&folder).unwrap();
    first.step(finish(id), NOW_MS).await;
    second.step(finish(id_of_second), NOW_MS).await;

    let after = standing(&second, NOW_MS + 1_000).await;
    assert_eq!((after.reserved + after.ambiguous, after.settling), (1.0, 12.0));
    assert_eq!((first.state(), second.state()), (StoreState::Shared, StoreState::Shared));
    let third = standing(&open(&folder), NOW_MS + 1_000).await;
    assert_eq!((third.limit, third.settling), (Some(100.0), 12.0), "it is in the folder, not only in memory");
    standing(&first, NOW_MS + 2_000).await;
    assert_eq!(files_of_the_living(&folder), 2);
}

#[tokio::test(start_paused = true)]
async fn numbers_of_a_file_that_is_gone_end_nothing_in_the_next() {
    let (_parent, folder) = place();
    let before = open(&folder);
    before.step(window(100.0, NOW_MS), NOW_MS).await;
    let id = id_of(before.step(reserve(7.0), NOW_MS).await);
    fs::remove_file(ledger(&folder)).unwrap();
    let next = open(&folder);
    next.step(window(100.0, NOW_MS), NOW_MS).await;
    id_of(next.step(reserve(5.0), NOW_MS).await);

    before.step(finish(id), NOW_MS).await;

    assert_eq!(standing(&next, NOW_MS).await.reserved, 5.0);
}

fn files_of_the_living(folder: &Path) -> usize {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "alive")).count()
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn only_the_owner_reads_what_is_written_and_a_wider_mode_is_narrowed() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (_parent, folder) = place();
    let store = open(&folder);
    store.step(Step::Probe, NOW_MS).await;
    store.save_costs(b"costs".to_vec()).await;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600));

    fs::set_permissions(ledger(&folder), fs::Permissions::from_mode(0o666)).unwrap();
    open(&folder).step(Step::Probe, NOW_MS).await;

    assert_eq!(mode(&ledger(&folder)), 0o600);
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn in_a_folder_that_is_read_only_a_store_works_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_parent, folder) = place();
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    // Root may write everywhere.
    let may_write = File::create(folder.join("probe")).is_ok();

    let store = open(&folder);
    id_of(store.step(reserve(1.0), NOW_MS).await);

    assert_eq!(store.state() == StoreState::Shared, may_write);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    store.step(Step::Look, NOW_MS).await;
    assert_eq!(store.state(), StoreState::Shared);
    assert_eq!(standing(&open(&folder), NOW_MS).await.calls_on_their_way, 1);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_is_not_given_back_is_waited_for_a_second_and_paused_time_stands_still() {
    let (_parent, folder) = place();
    let store = open(&folder);
    store.step(window(100.0, NOW_MS), NOW_MS).await;
    let holder = File::open(ledger(&folder)).unwrap();
    holder.lock().unwrap();
    let started = Instant::now();

    let alone = id_of(store.step(reserve(4.0), NOW_MS).await);

    assert_eq!(started.elapsed(), Duration::ZERO);
    assert!(why_alone(&store).contains("has had the lock of"), "{}", why_alone(&store));
    store.step(finish(alone), NOW_MS).now_or_never().expect("who has waited once does not wait again");
    holder.unlock().unwrap();
    assert_eq!(standing(&store, NOW_MS).await.settling, 4.0);
    assert_eq!(store.state(), StoreState::Shared);
}

#[tokio::test(start_paused = true)]
async fn who_finds_the_lock_taken_gets_its_turn() {
    let (_parent, folder) = place();
    let store = Arc::new(open(&folder));
    store.step(window(100.0, NOW_MS), NOW_MS).await;
    let holder = File::open(ledger(&folder)).unwrap();
    holder.lock().unwrap();
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { id_of(store.step(reserve(1.0), NOW_MS).await) })
        })
        .collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }

    holder.unlock().unwrap();

    for step in waiting {
        step.await.unwrap();
    }
    assert_eq!(store.state(), StoreState::Shared);
    assert_eq!(standing(&open(&folder), NOW_MS).await.reserved, 10.0);
}

#[tokio::test(start_paused = true)]
async fn a_reservation_that_nobody_waits_for_any_more_is_given_back() {
    let (_parent, folder) = place();
    let store = Arc::new(open(&folder));
    store.step(window(100.0, NOW_MS), NOW_MS).await;
    let holder = File::open(ledger(&folder)).unwrap();
    holder.lock().unwrap();
    let waits = Arc::clone(&store);
    let waiting = tokio::spawn(async move { waits.step(reserve(1.0), NOW_MS).await });
    while Arc::strong_count(&store.0) == 1 {
        tokio::task::yield_now().await;
    }

    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    holder.unlock().unwrap();
    while Arc::strong_count(&store.0) > 1 {
        tokio::task::yield_now().await;
    }

    assert_eq!(standing(&store, NOW_MS).await.reserved, 0.0);
    let Found::Contents(number, _) = slots::read(&File::open(ledger(&folder)).unwrap(), None).unwrap() else { panic!() };
    assert_eq!(number, 3, "the window, the reservation and its end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_on_many_threads_spend_exactly_what_there_is() {
    let (_parent, folder) = place();
    let stores = [Arc::new(open(&folder)), Arc::new(open(&folder))];
    stores[0].step(window(501.5, NOW_MS), NOW_MS).await;

    let tasks: Vec<_> = (0..32)
        .map(|task| {
            let store = Arc::clone(&stores[task % 2]);
            tokio::spawn(async move {
                let mut spent = 0;
                while let Outcome::Reserved(id) = store.step(reserve(1.0), NOW_MS).await.outcome {
                    store.step(finish(id), NOW_MS).await;
                    spent += 1;
                }
                spent
            })
        })
        .collect();
    let mut spent = 0;
    for task in tasks {
        spent += task.await.unwrap();
    }

    assert_eq!(spent, 500);
    let after = standing(&stores[1], NOW_MS).await;
    assert_eq!((after.reserved, after.settling), (0.0, 500.0));
}

#[test]
fn without_a_runtime_steps_are_taken_where_the_caller_stands() {
    let (_parent, folder) = place();
    let store = open(&folder);
    store.step(window(100.0, NOW_MS), NOW_MS).now_or_never().unwrap();
    let holder = File::open(ledger(&folder)).unwrap();
    holder.lock().unwrap();

    let stepped = store.step(reserve(1.0), NOW_MS).now_or_never().unwrap();

    id_of(stepped);
    assert!(why_alone(&store).contains("for a second"));
}

#[tokio::test(start_paused = true)]
async fn costs_are_kept_beside_the_account_and_replaced_as_a_whole() {
    let (_parent, folder) = place();
    let (first, second) = (open(&folder), open(&folder));
    assert_eq!(first.load_costs().await, None);

    first.save_costs(vec![1; 100_000]).await;
    second.save_costs(b"costs".to_vec()).await;

    assert_eq!(first.load_costs().await.unwrap(), b"costs");
    assert_eq!(FileStore::open(&folder, "other", settings()).load_costs().await, None);
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.ends_with(".new")));
}

#[tokio::test(start_paused = true)]
async fn costs_that_cannot_be_kept_are_not_there_and_nothing_else_happens() {
    let (parent, folder) = place();
    fs::write(parent.path().join("esologs"), "a file where the folder should be").unwrap();
    let store = open(&folder);

    store.save_costs(b"costs".to_vec()).await;

    assert_eq!(store.load_costs().await, None);
}
