//! [`Link`]: the line to the worker. A question goes out with a number, its answer is awaited; a worker that panics is
//! replaced by a new one.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Array, Object, Reflect, Uint8Array};
use revproof_messages::{Answer, Ask, Reply, Request, decode, encode};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// Where the worker's script lies, beside the page.
const SCRIPT: &str = "./worker.js";

/// What the worker says of itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// So many bytes of it have come.
    Loading {
        /// Those that have.
        loaded: f64,
        /// All of them, where that is known.
        total: f64,
    },
    /// It can be asked.
    Ready,
    /// It panicked, and is of no use any more.
    Panicked(String),
    /// It could not be loaded.
    Unreachable(String),
}

/// The line to the worker. Clones are the same line.
#[derive(Clone)]
pub(crate) struct Link {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    worker: Option<Worker>,
    /// The closures that the worker calls; they must live as long as it.
    listeners: Vec<JsValue>,
    waiting: Vec<(u32, oneshot::Sender<Answer>)>,
    last: u32,
    told: Rc<dyn Fn(Event)>,
}

impl Link {
    /// Starts a worker, which calls `told` with what it says of itself.
    pub(crate) fn start(told: impl Fn(Event) + 'static) -> Self {
        let inner = Inner { worker: None, listeners: Vec::new(), waiting: Vec::new(), last: 0, told: Rc::new(told) };
        let link = Self { inner: Rc::new(RefCell::new(inner)) };
        link.restart();
        link
    }

    /// Puts a new worker in the place of the one that is there. Whoever waits for an answer gets none.
    pub(crate) fn restart(&self) {
        let old = {
            let mut inner = self.inner.borrow_mut();
            inner.waiting.clear();
            inner.listeners.clear();
            inner.worker.take()
        };
        if let Some(old) = old {
            old.terminate();
        }
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        match Worker::new_with_options(SCRIPT, &options) {
            Ok(worker) => self.listen(worker),
            Err(error) => self.tell(Event::Unreachable(said(&error))),
        }
    }

    /// Asks, and waits for the answer. `None` where the worker was replaced meanwhile.
    pub(crate) async fn ask(&self, generation: u32, ask: Ask) -> Option<Answer> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut inner = self.inner.borrow_mut();
            inner.last = inner.last.wrapping_add(1);
            let id = inner.last;
            let bytes = encode(&Request { id, generation, ask });
            let message = Object::new();
            let bytes = Uint8Array::from(bytes.as_slice());
            Reflect::set(&message, &"bytes".into(), &bytes).ok()?;
            let worker = inner.worker.clone()?;
            worker.post_message_with_transfer(&message, &Array::of1(&bytes.buffer())).ok()?;
            inner.waiting.push((id, sender));
        }
        receiver.await.ok()
    }

    fn listen(&self, worker: Worker) {
        let line = self.clone();
        let message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| line.heard(&event.data()));
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        let line = self.clone();
        // A script that can't be fetched is told with an event that has no message.
        let error = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            event.prevent_default();
            line.tell(Event::Unreachable(said(&event)));
        });
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        let mut inner = self.inner.borrow_mut();
        inner.listeners = vec![message.into_js_value(), error.into_js_value()];
        inner.worker = Some(worker);
    }

    fn heard(&self, data: &JsValue) {
        let field = |name: &str| Reflect::get(data, &name.into()).ok().filter(|value| !value.is_undefined());
        if let Some(bytes) = field("bytes") {
            let Some(answer) = decode::<Answer>(&Uint8Array::new(&bytes).to_vec()) else {
                let why = "the page and its worker are of different versions; load the page again".to_owned();
                return self.tell(Event::Unreachable(why));
            };
            let mut inner = self.inner.borrow_mut();
            let waiting = inner.waiting.iter().position(|(id, _)| *id == answer.id);
            let waiting = waiting.map(|at| inner.waiting.swap_remove(at));
            drop(inner);
            if let Some((_, waiting)) = waiting {
                // Who asked may have gone meanwhile; then nobody misses the answer.
                _ = waiting.send(answer);
            }
        } else if let Some(progress) = field("progress") {
            let progress = Array::from(&progress);
            let number = |at| progress.get(at).as_f64().unwrap_or_default();
            self.tell(Event::Loading { loaded: number(0), total: number(1) });
        } else if field("ready").is_some() {
            self.tell(Event::Ready);
        } else if let Some(message) = field("panic") {
            self.tell(Event::Panicked(message.as_string().unwrap_or_default()));
        } else if let Some(message) = field("unreachable") {
            self.tell(Event::Unreachable(message.as_string().unwrap_or_default()));
        }
    }

    fn tell(&self, event: Event) {
        let told = self.inner.borrow().told.clone();
        told(event);
    }
}

/// The reply of an answer that is not older than `generation`.
pub(crate) fn fresh(answer: Option<Answer>, generation: u32) -> Option<Reply> {
    answer.filter(|answer| answer.generation >= generation).map(|answer| answer.reply)
}

fn said(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.filter(|message| !message.is_empty()).unwrap_or_else(|| "the browser gives no reason".to_owned())
}
