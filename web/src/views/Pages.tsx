// The quiet pages around a meeting: what they stand in, and the one while it opens.

import type { ComponentChildren } from 'preact';
import { meetingsParts } from '../areas/meetings_parts.ts';
import { LanguageSwitch, ThemeSwitch } from '../areas/Switches.tsx';
import { connectionWords } from '../areas/words.ts';
import { Brand } from '../elements/Brand.tsx';
import { text } from '../i18n/index.ts';
import { base } from '../router/base.ts';
import { connectionQuality, shownWaits } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Pages.css?inline';

adopt(styles);

interface QuietPageProps {
    heading: string;
    lead?: string;
    wide?: boolean;
    children?: ComponentChildren;
}

export function QuietPage({ heading, lead, wide = false, children }: QuietPageProps) {
    return (
        <div class="quiet-page">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <header class="quiet-head">
                <span class="wordmark">
                    <Brand />
                    <span lang="en">{text('app.name')}</span>
                </span>
                <div class="quiet-tools">
                    <ThemeSwitch />
                    <LanguageSwitch />
                </div>
            </header>
            <main id="main" class={wide ? 'quiet-main quiet-main-wide' : 'quiet-main'} tabIndex={-1}>
                <h1>{heading}</h1>
                {lead !== undefined && <p class="lead">{lead}</p>}
                {children}
            </main>
            <footer class="quiet-foot">
                <a href={`${base}/help/`}>{text('help.pages')}</a>
            </footer>
        </div>
    );
}

export function WaitingPage() {
    const quality = connectionQuality.value;
    const words = connectionWords(quality, 0);
    const Waits = meetingsParts.value?.Waits;
    if (shownWaits.value !== '' && Waits !== undefined) {
        return (
            <QuietPage heading={text('waiting.title')}>
                <Waits />
            </QuietPage>
        );
    }
    return (
        <QuietPage heading={text('waiting.title')} lead={text('waiting.lead')}>
            <p role="status" class="waiting">
                <span class="waiting-dots" aria-hidden="true">
                    <span />
                    <span />
                    <span />
                </span>
                {text(quality === 'offline' ? words.key : 'connection.connecting', words.values)}
            </p>
        </QuietPage>
    );
}
