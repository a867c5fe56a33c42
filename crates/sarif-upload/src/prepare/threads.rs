//! Work on the pieces of a stream by some threads.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, Scope, available_parallelism, scope};

/// More are of no use: the thread that reads and writes would be the slowest.
const MOST: usize = 4;
/// Pieces that a thread has: the one it works on, and the next.
const PIECES: usize = 2;

/// Hands the pieces that `feed` gives to threads that do `work`, and what these make of them to `take`, here and in the
/// order of the pieces. The last piece, which `feed` returns where there is one, is worked on here, so that little work needs no thread.
///
/// # Errors
/// The first of `take`, else that of `feed`.
pub(super) fn in_order<P: Send, T: Send, E>(
    work: impl Fn(P) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
    feed: impl FnOnce(&mut dyn FnMut(P) -> Result<(), E>) -> (Option<P>, Result<(), E>),
) -> Result<(), E> {
    let work = &work;
    scope(|scope| {
        let mut lanes: Option<Vec<Lane<P, T>>> = None;
        let (mut sent, mut taken, mut failed) = (0, 0, false);
        let (last, fed) = feed(&mut |piece| {
            let lanes = lanes.get_or_insert_with(|| start(scope, work));
            let Some(lane) = lanes.get(sent % lanes.len().max(1)) else {
                // No thread can be started: all is done here.
                return take(work(piece)).inspect_err(|_| failed = true);
            };
            // A thread ends early by a panic only, which the scope hands on.
            if sent == taken + lanes.len() * PIECES {
                taken += 1;
                if let Ok(made) = lane.made.recv() {
                    take(made).inspect_err(|_| failed = true)?;
                }
            }
            let _ = lane.pieces.send(piece);
            sent += 1;
            Ok(())
        });
        if failed {
            return fed;
        }
        let lanes = lanes.unwrap_or_default();
        for taken in taken..sent {
            let lane = lanes.get(taken % lanes.len());
            if let Some(made) = lane.and_then(|lane| lane.made.recv().ok()) {
                take(made)?;
            }
        }
        last.map_or(Ok(()), |last| take(work(last)))?;
        fed
    })
}

struct Lane<P, T> {
    pieces: SyncSender<P>,
    made: Receiver<T>,
}

fn start<'scope, P: Send + 'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: &'scope (impl Fn(P) -> T + Sync),
) -> Vec<Lane<P, T>> {
    let threads = available_parallelism().map_or(1, usize::from).min(MOST);
    let lane = |_| {
        let (pieces, to_do) = sync_channel(PIECES);
        let (done, made) = sync_channel(PIECES);
        let works = move || {
            for piece in to_do {
                if done.send(work(piece)).is_err() {
                    return;
                }
            }
        };
        Builder::new().spawn_scoped(scope, works).ok()?;
        Some(Lane { pieces, made })
    };
    (0..threads).filter_map(lane).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is taken of so many pieces, where `take` fails at one and `feed` at its end.
    fn taken(
        pieces: usize,
        fails_at: Option<usize>,
        ends: Result<(), &'static str>,
    ) -> (Vec<usize>, Result<(), &'static str>) {
        let mut taken = Vec::new();
        let outcome = in_order(
            |piece: usize| {
                // The first ones take longest.
                std::thread::sleep(std::time::Duration::from_micros(1_000 / (piece as u64 + 1)));
                piece * 2
            },
            |made| {
                if Some(made / 2) == fails_at {
                    return Err("take");
                }
                taken.push(made / 2);
                Ok(())
            },
            |hand_over| {
                for piece in 0..pieces {
                    if let Err(error) = hand_over(piece) {
                        return (Some(0), Err(error));
                    }
                }
                (Some(pieces), ends)
            },
        );
        (taken, outcome)
    }

    #[test]
    fn what_was_made_comes_in_the_order_of_the_pieces() {
        for pieces in [0, 1, 2, 50] {
            assert_eq!(
                taken(pieces, None, Ok(())),
                ((0..=pieces).collect(), Ok(()))
            );
        }
    }

    #[test]
    fn the_first_failure_counts_and_nothing_behind_it_is_taken() {
        for fails_at in [0, 7, 49, 50] {
            let expected = ((0..fails_at).collect(), Err("take"));
            assert_eq!(taken(50, Some(fails_at), Err("feed")), expected);
        }
        assert_eq!(
            taken(50, None, Err("feed")),
            ((0..=50).collect(), Err("feed"))
        );
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_not_lost() {
        let _ = in_order(
            |piece: u32| assert_ne!(piece, 3),
            |()| Ok::<_, ()>(()),
            |hand_over| {
                for piece in 0..20 {
                    let _ = hand_over(piece);
                }
                (Some(20), Ok(()))
            },
        );
    }
}
