// One screen with a state of its own, without a server: what `story.html?name=…` shows. For pictures and accessibility checks only;
// nothing here is shipped.
import { render } from 'preact';
import { type Capacity, type CommandName, PERMISSIONS } from '../../src/contract/generated.ts';
import '../../src/styles/fonts.css';
import '../../src/styles/adopt.ts';
import { menuParts } from '../../src/areas/menu_parts.ts';
import { roomParts } from '../../src/areas/room_parts.ts';
import { beginLanguage, isPageLanguage } from '../../src/i18n/index.ts';
import { navigate } from '../../src/router/router.ts';
import * as store from '../../src/state/store.ts';
import { App } from '../../src/views/App.tsx';
import { loadMenu, loadRoomParts } from '../../src/views/console_table.ts';
import { followConsoles } from '../../src/views/consoles.ts';
import { CONSOLE_STORIES } from './console_stories.ts';
import { demoMeeting, HEALTH, LISTENERS } from './demo.ts';
import { DESK } from './desk_stories.ts';
import { HOUSE } from './house_stories.ts';
import type { StoryName } from './names.ts';
import { OUTSIDE } from './outside_stories.ts';
import { ROOM } from './room_stories.ts';
import type { Story } from './told.ts';

const STORIES: Readonly<Record<StoryName, Story>> = {
    ...OUTSIDE,
    ...ROOM,
    ...CONSOLE_STORIES,
    ...DESK,
    ...HOUSE,
};

// As the server says it in hello.
function commandsOf(capacity: Capacity): CommandName[] {
    return (Object.keys(PERMISSIONS) as CommandName[]).filter(
        (name) => PERMISSIONS[name][capacity] !== undefined,
    );
}

function show(story: Story): void {
    const path = story.path ?? '/m/demo';
    navigate(path);
    const languages = wanted.get('languages');
    if (languages !== null) {
        history.replaceState(null, '', `${path}?languages=${languages}`);
    }
    if (story.person !== '') {
        enter(story);
    }
    story.after?.();
}

function enter(story: Story): void {
    const now = Date.now();
    const meeting = demoMeeting(now);
    const capacity = meeting.participants.find((one) => one.id === story.person)?.capacity ?? 'listener';
    store.setSession({ token: 'story', meeting: 'demo', capacity, name: '', expires_at: now + 3_600_000 });
    if (story.person === 'waiting') {
        store.setPhase({ phase: 'connecting', since: now, reason: '' });
        return;
    }
    const stream = store.shownStream();
    stream.takeHello({
        protocol: 1,
        participant: story.person,
        meeting: 'demo',
        capacity,
        now,
        seq: 1,
        resumed: false,
        plan: { sections: [] },
        may: commandsOf(capacity),
    });
    stream.takeSnapshot(story.change?.(meeting) ?? meeting, 1);
    store.setPhase({ phase: 'live', since: now, reason: '' });
    stream.listeners.value = {
        channels: [...LISTENERS],
        audience: 312,
        pages: 340,
        pages_most: 5000,
    };
    stream.takeHealth(HEALTH);
    stream.setWantsRoom(story.room ?? true);
}

const STILL_MS = 80;
const STILL_MAX_MS = 5000;
const PRESS_MAX_MS = 5000;

function pause(ms: number): Promise<void> {
    return new Promise((done) => setTimeout(done, ms));
}

/** Nothing has been drawn for a moment. */
async function still(): Promise<void> {
    let changed = 0;
    const watch = new MutationObserver(() => {
        changed += 1;
    });
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    for (let waited = 0, before = -1; before !== changed && waited < STILL_MAX_MS; waited += STILL_MS) {
        before = changed;
        await pause(STILL_MS);
    }
    watch.disconnect();
}

function keyFor(selector: string): HTMLElement | undefined {
    return [...document.querySelectorAll<HTMLElement>(selector)].find((one) => one.checkVisibility());
}

async function press(selector: string): Promise<void> {
    for (let waited = 0; waited < PRESS_MAX_MS; waited += STILL_MS) {
        const key = keyFor(selector);
        if (key !== undefined) {
            key.focus({ preventScroll: true });
            key.click();
            return;
        }
        await pause(STILL_MS);
    }
    throw new Error(`there is no ${selector} to press`);
}

/** Says on the page that it is drawn, or that the story does not come about. */
async function tell(story: Story): Promise<void> {
    const root = document.documentElement;
    try {
        while (document.querySelector('#main') === null) {
            await pause(STILL_MS);
        }
        await still();
        await story.drawn?.();
        for (const selector of story.press ?? []) {
            await press(selector);
        }
        await document.fonts.ready;
        await still();
        root.dataset.story = 'drawn';
    } catch (thrown) {
        root.dataset.story = String(thrown);
    }
}

const wanted = new URLSearchParams(location.search);
const language = wanted.get('language') ?? 'en';
if (isPageLanguage(language)) {
    localStorage.setItem('plenary.language', language);
}
const name = wanted.get('name') ?? 'room-delegate';
const page = document.getElementById('page');
if (name in STORIES && page !== null) {
    const story = STORIES[name as StoryName];
    [menuParts.value, roomParts.value] = await Promise.all([loadMenu(), loadRoomParts()]);
    show(story);
    followConsoles();
    render(<App words={beginLanguage()} />, page);
    await tell(story);
}
