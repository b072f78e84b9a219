// The bar of every page of a meeting: which meeting, what is discussed, whether the sitting is open, who else hears it,
// the time, the connection in words; the page's language always in reach.

import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Brand } from '../elements/Brand.tsx';
import { Icon } from '../elements/Icon.tsx';
import { Mark } from '../elements/Mark.tsx';
import { formatTime, localized, localizedLanguage, text } from '../i18n/index.ts';
import { blockedPort, connectionQuality, currentItem, interruptedSeconds, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { clockNow } from './clock.ts';
import { meetingsParts } from './meetings_parts.ts';
import { menuParts } from './menu_parts.ts';
import { NoticeLine } from './Notice.tsx';
import { LanguageSwitch } from './Switches.tsx';
import styles from './TopBar.css?inline';
import { connectionTone, connectionWords, sittingWords } from './words.ts';

adopt(styles);

const menuOpen = signal(false);

function showMenu(open: boolean): void {
    menuOpen.value = open;
}

/** `tools`: keys of this console, always in sight. */
export function TopBar({ tools }: { tools?: ComponentChildren }) {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const item = currentItem.value;
    const MeetingsKey = meetingsParts.value?.Key;
    const Menu = menuParts.value?.Menu;
    return (
        <header class="top-bar">
            <div class="top-bar-meeting">
                <Brand />
                <div class="top-bar-titles">
                    <h1
                        class="top-bar-title"
                        lang={localizedLanguage(now.title)}
                        title={localized(now.title)}
                    >
                        {localized(now.title)}
                    </h1>
                    <p class="top-bar-body">
                        <span lang={localizedLanguage(now.body)}>{localized(now.body)}</span>
                        {now.sitting_number > 0 && (
                            <span> · {text('sitting.number', { number: now.sitting_number })}</span>
                        )}
                    </p>
                </div>
            </div>
            <div class="top-bar-item">
                {item !== null && (
                    <p class="item-now" title={localized(item.title)}>
                        <span class="hidden-text">{text('item.current')}</span>
                        <bdi class="item-number" dir="ltr">
                            {item.number}
                        </bdi>
                        <span class="item-title" lang={localizedLanguage(item.title)}>
                            {localized(item.title)}
                        </span>
                        {item.document && <bdi class="item-document">{item.document}</bdi>}
                    </p>
                )}
            </div>
            <div class="top-bar-marks">
                <SittingMark />
                {now.rehearsal && (
                    <Mark icon="book" tone="accent">
                        {text('training.rehearsal')}
                    </Mark>
                )}
                {now.recorded && (
                    <Mark icon="record" tone="accent">
                        {text('mark.recorded')}
                    </Mark>
                )}
                {now.streamed && (
                    <Mark icon="stream" tone="accent">
                        {text('mark.streamed')}
                    </Mark>
                )}
                <ConnectionMark />
                <Clock />
            </div>
            <div class="top-bar-tools">
                {tools}
                {MeetingsKey !== undefined && <MeetingsKey />}
                <LanguageSwitch />
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label={text('menu.open')}
                    aria-haspopup="dialog"
                    onClick={() => showMenu(true)}
                >
                    <Icon name="more" size={24} />
                </button>
            </div>
            <NoticeLine />
            {menuOpen.value && Menu !== undefined && <Menu onClose={() => showMenu(false)} />}
        </header>
    );
}

export function SittingMark() {
    const sitting = meeting.value?.sitting ?? 'closed';
    const tone = sitting === 'open' ? 'good' : sitting === 'suspended' ? 'warn' : 'plain';
    const icon = sitting === 'open' ? 'check' : sitting === 'suspended' ? 'clock' : 'close';
    return (
        <Mark icon={icon} tone={tone}>
            {text(sittingWords(sitting))}
        </Mark>
    );
}

function Clock() {
    const now = clockNow();
    return (
        <time class="clock" dateTime={new Date(now).toISOString()}>
            <bdi dir="ltr">{formatTime(now)}</bdi>
        </time>
    );
}

// In words; the seconds since it broke are counted, so that one sees that the page still tries.
export function ConnectionMark() {
    const quality = connectionQuality.value;
    const words = connectionWords(quality, interruptedSeconds.value, blockedPort.value);
    const tone = connectionTone(quality);
    return (
        <span class="connection">
            <Mark icon={tone === 'good' ? 'signal' : 'warning'} tone={tone}>
                {text(words.key, words.values)}
            </Mark>
        </span>
    );
}
