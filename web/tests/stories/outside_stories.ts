// Before a meeting, its entrance, and where ways end.
import { start } from '../../src/live/actions.ts';
import type { EndReason } from '../../src/state/phase.ts';
import * as store from '../../src/state/store.ts';
import type { StoryName } from './names.ts';
import { rehearsal } from './states.ts';
import type { Story } from './told.ts';

function ended(reason: EndReason): Story {
    return {
        person: '',
        path: '/m/demo',
        after: () => store.setPhase({ phase: 'ended', since: 0, reason }),
    };
}

// What its server answers stands in serve.ts.
const link: Story = {
    person: '',
    path: '/m/demo',
    after: () => {
        location.hash = 'a-link';
        start();
    },
};

// Signed in with an account, and no meeting chosen.
const choose: Story = {
    person: '',
    path: '/house',
    after: () =>
        store.setSession({
            token: 'story',
            capacity: 'listener',
            name: '',
            expires_at: Date.now() + 3_600_000,
        }),
};

const waiting: Story = {
    person: 'waiting',
    path: '/m/demo',
};

// What the browser lacks is taken away in serve.ts.
const unable: Story = { person: 'bra', room: false };

const missing: Story = { person: '', path: '/nowhere/at/all' };

export const OUTSIDE = {
    'sign-in': { person: '', path: '/' },
    choose,
    'choose-missing': choose,
    'choose-none': choose,
    'link-expired': link,
    'link-invalid': link,
    'link-many': link,
    'link-unreachable': link,
    waiting,
    'waiting-offline': {
        ...waiting,
        after: () => store.setPhase({ phase: 'offline', since: 0, reason: '' }),
    },
    arriving: { person: 'fra' },
    ended: ended('replaced'),
    'ended-expired': ended('expired'),
    'ended-removed': ended('removed'),
    'ended-withdrawn': ended('withdrawn'),
    'ended-refused': ended('refused'),
    'ended-protocol': ended('protocol'),
    'ended-signed-out': ended('signed-out'),
    missing,
    'missing-private': missing,
    'missing-gone': missing,
    'missing-busy': missing,
    unable,
    'unable-sound': unable,
    'unable-devices': unable,
    'unable-line': unable,
    help: { person: '', path: '/help/interpreter' },
    'help-chair': { person: '', path: '/help/chair' },
    'help-delegate': { person: '', path: '/help/delegate' },
    'help-technician': { person: '', path: '/help/technician' },
    entrance: { person: 'fra', room: false },
    'entrance-listener': { person: 'listener', room: false },
    'entrance-interpreter': { person: 'fr-1', room: false, change: rehearsal },
    'entrance-denied': { person: 'fra', room: false },
    'entrance-no-device': { person: 'fra', room: false },
} satisfies Partial<Record<StoryName, Story>>;
