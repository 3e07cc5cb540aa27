// A shop with one ticket: it stands for a function of your own. `sync` and `thread` are those of the
// standard library or those of the model checker, as the module says that includes this file.

use sync::atomic::{AtomicU32, Ordering::SeqCst};

/// Sells a ticket, if one is left.
fn sell(left: &AtomicU32) -> bool {
    let tickets = left.load(SeqCst);
    if tickets == 0 {
        return false;
    }
    left.store(tickets - 1, SeqCst);
    true
}

/// Two customers come at the same time. Returns how many of them got the one ticket.
pub fn two_customers() -> usize {
    let left = AtomicU32::new(1);
    thread::scope(|scope| {
        let customers = [(); 2].map(|()| scope.spawn(|| sell(&left)));
        customers.into_iter().filter_map(|customer| customer.join().ok()).filter(|sold| *sold).count()
    })
}
