// What the browser's tab says of a page that is behind others: that one is on the air, or the next to speak, or that
// somebody calls for help. By word, and by the icon's shape.

import { effect } from '@preact/signals';
import { text } from '../i18n/index.ts';
import { callsWaiting } from '../state/help_waiting.ts';
import { hasEnded, iAmOnTheAir, may, me, meeting, myRequestPosition } from '../state/store.ts';
import { tabWords } from '../state/tab.ts';

type TabState = 'on_air' | 'calls' | 'next' | '';

const ICONS: Readonly<Record<TabState, string>> = {
    on_air: 'icon-on-air.svg',
    calls: 'icon-calls.svg',
    next: 'icon-next.svg',
    '': 'icon.svg',
};

function tabState(): TabState {
    if (hasEnded.value) {
        return '';
    }
    if (iAmOnTheAir.value) {
        return 'on_air';
    }
    if (waiting() > 0) {
        return 'calls';
    }
    return myRequestPosition.value === 1 ? 'next' : '';
}

// Calls that one might answer.
function waiting(): number {
    return may('help.handle') ? callsWaiting(meeting.value, me.value?.id ?? '').length : 0;
}

function wordsOf(state: Exclude<TabState, ''>): string {
    switch (state) {
        case 'on_air':
            return text('tab.on_air');
        case 'calls':
            return text('tab.calls', { count: waiting() });
        case 'next':
            return text('list.my_place', { place: 1 });
    }
}

function showIcon(name: string): void {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link !== null && !link.href.endsWith(`/${name}`)) {
        link.href = new URL(name, link.href).href;
    }
}

/** Called once. */
export function followTab(): void {
    effect(() => {
        const state = tabState();
        tabWords.value = state === '' ? '' : `${wordsOf(state)} · `;
        showIcon(ICONS[state]);
    });
}
