//! [`Banner`]: what a visitor should know first: what the page is for, that the analyser crashed, that files were put
//! aside.

use crate::dom::prelude::*;
use leptos::task::spawn_local;

use crate::bring::{BringButtons, PasteButton};
use crate::browser;
use crate::header::hand_over;
use crate::state::{Engine, Notice, State, crash_report};

/// The banners.
#[component]
pub(crate) fn Banner() -> impl IntoNode {
    let state = expect_context::<State>();
    view! {
        <div class="banners">
            {move || engine(state)}
            {move || notice(state)}
        </div>
    }
}

fn engine(state: State) -> Option<Node> {
    match state.engine.get() {
        Engine::Restarted(message) => Some(view! {
            <div class="banner is-error" role="alert">
                <p>"The analyser crashed and was started again. Your text is untouched."</p>
                <BugReport message/>
                <button type="button" on:click=move |_| state.engine.set(Engine::Ready)>"Dismiss"</button>
            </div>
        }),
        Engine::Quarantined(message) => Some(view! {
            <div class="banner is-error" role="alert">
                <p>
                    "The analyser crashed twice on this text. The text is still here, but it is not analysed, and not opened \
                     by itself next time. Change it, or start clean."
                </p>
                <BugReport message/>
                <button type="button" on:click=move |_| state.try_again()>"Try again"</button>
                <a class="button" href="?safe=1">"Start clean"</a>
            </div>
        }),
        Engine::Unreachable(why) => Some(view! {
            <div class="banner is-error" role="alert">
                <p>{format!("The analyser could not be loaded: {why}. You can go on editing.")}</p>
                <button type="button" on:click=move |_| state.reload_worker()>"Try again"</button>
            </div>
        }),
        Engine::Stopped => Some(view! {
            <div class="banner" id="stopped">
                <p>"The analysis was stopped. Your text is untouched; what is shown is that of an older one."</p>
                <button type="button" on:click=move |_| state.try_again()>"Analyse again"</button>
            </div>
        }),
        Engine::Ready if state.long.get() => Some(view! {
            <div class="banner" id="long">
                <p>"The analysis takes long. You can go on editing meanwhile."</p>
                <button type="button" on:click=move |_| state.stop()>"Stop"</button>
            </div>
        }),
        Engine::Loading(..) | Engine::Ready => None,
    }
}

fn notice(state: State) -> Option<Node> {
    let dismiss = move || {
        view! {
            <button type="button" class="icon" aria-label="Dismiss" on:click=move |_| state.notice.set(Notice::None)>
                "✕"
            </button>
        }
    };
    match state.notice.get() {
        Notice::None => None,
        Notice::Welcome => Some(view! {
            <div class="banner" id="welcome">
                <p>"Paste your " <code>"versions/"</code> " files, or drop a folder."</p>
                <PasteButton/>
                <BringButtons/>
                {dismiss()}
            </div>
        }),
        Notice::Told(words) => Some(view! { <div class="banner" id="told"><p>{words}</p>{dismiss()}</div> }),
        Notice::PutAside => Some(view! {
            <div class="banner" id="put-aside">
                <p>"Your files were put aside."</p>
                <button type="button" on:click=move |_| state.bring_back()>"Bring them back"</button>
                {dismiss()}
            </div>
        }),
        Notice::Update => Some(view! {
            <div class="banner" id="update">
                <p>"There is a newer version of this page."</p>
                <button type="button" on:click=move |_| browser::announce("revproof:update-now")>"Load it"</button>
                {dismiss()}
            </div>
        }),
    }
}

/// Copies what those who can mend a crash need.
#[component]
fn BugReport(message: String) -> impl IntoNode {
    let state = expect_context::<State>();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = crash_report(state, &message);
        spawn_local(async move { copied.set(hand_over(state, text).await) });
    };
    view! {
        <button type="button" on:click=copy>
            {move || if copied.get() { "Copied!" } else { "Copy bug report" }}
        </button>
    }
}
