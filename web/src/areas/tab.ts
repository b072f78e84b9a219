// What the browser's tab says of a page that is behind others: that one is on the air, or the next to speak. By word, and by the icon's shape.

import { effect } from '@preact/signals';
import { text } from '../i18n/index.ts';
import { hasEnded, iAmOnTheAir, myRequestPosition } from '../state/store.ts';
import { tabWords } from '../state/tab.ts';

type TabState = 'on_air' | 'next' | '';

const ICONS: Readonly<Record<TabState, string>> = {
    on_air: 'icon-on-air.svg',
    next: 'icon-next.svg',
    '': 'icon.svg',
};

function tabState(): TabState {
    if (hasEnded.value) {
        return '';
    }
    return iAmOnTheAir.value ? 'on_air' : myRequestPosition.value === 1 ? 'next' : '';
}

function wordsOf(state: 'on_air' | 'next'): string {
    return state === 'on_air' ? text('tab.on_air') : text('list.my_place', { place: 1 });
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
