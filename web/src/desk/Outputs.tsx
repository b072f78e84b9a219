// Into which channels one may speak: three keys, each with its language and a lamp that says who is on the air there.

import type { Output } from '../contract/generated.ts';
import { isPageLanguage, languageName, OWN_NAMES, type PageLanguage, text } from '../i18n/index.ts';
import { chosenOutput, holderOf, OUTPUTS, outputLanguage, type Place, pressOf } from '../state/desk.ts';
import { meeting, participant } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { chooseOutput } from './commands.ts';
import styles from './Outputs.css?inline';

adopt(styles);

export function Outputs({ place }: { place: Place }) {
    return (
        <fieldset class="outputs" aria-label={text('desk.outputs')}>
            {OUTPUTS.map((output) => (
                <OutputKey key={output} output={output} place={place} />
            ))}
        </fieldset>
    );
}

// An output: its language, whether it is chosen, and a lamp that says who holds it.
function OutputKey({ output, place }: { output: Output; place: Place }) {
    const now = meeting.value;
    const { booth, desk } = place;
    const language = outputLanguage(booth, desk, output);
    const allowed = booth.setting.allowed.map((one) => one.language).filter(isPageLanguage);
    if (now === null || (output !== 'a' && allowed.length === 0)) {
        return null;
    }
    const holder = language === null ? null : holderOf(now, language);
    const mine = holder?.desk.participant === desk.participant;
    const kept = pressOf(now, place, output) === 'kept';
    const lamp = holder === null ? 'free' : mine ? 'mine' : kept ? 'kept' : 'busy';
    const turns = output !== 'a' && allowed.length > 1;
    const awaited = desk.microphone !== 'off' && desk.opening_output === output;
    return (
        <div class={`output output-${lamp}`}>
            <button
                type="button"
                class="output-key"
                aria-pressed={chosenOutput(desk) === output}
                onClick={() => chooseOutput(output)}
            >
                <span class="output-letter">{output.toUpperCase()}</span>
                <bdi class="output-language" lang={language ?? undefined}>
                    {language === null ? text('desk.output_none') : OWN_NAMES[language]}
                </bdi>
                <span class="output-lamp">
                    <span class="lamp" aria-hidden="true" />
                    <bdi>
                        {awaited
                            ? text('desk.output_awaited')
                            : holder === null
                              ? text('desk.output_free')
                              : mine
                                ? text('desk.output_mine')
                                : participant(holder.desk.participant)?.name}
                    </bdi>
                    {kept && <span class="hidden-text">{text('desk.output_kept')}</span>}
                </span>
            </button>
            {turns && <OutputLanguages output={output} allowed={allowed} chosen={language} />}
        </div>
    );
}

function OutputLanguages(props: {
    output: Output;
    allowed: readonly PageLanguage[];
    chosen: PageLanguage | null;
}) {
    return (
        <select
            class="select select-small output-choice"
            aria-label={text('desk.output_language', { output: props.output.toUpperCase() })}
            value={props.chosen ?? ''}
            onChange={(event) => {
                const chosen = props.allowed.find((one) => one === event.currentTarget.value);
                if (chosen !== undefined) {
                    chooseOutput(props.output, chosen);
                }
            }}
        >
            {props.chosen === null && <option value="">{text('desk.output_none')}</option>}
            {props.allowed.map((one) => (
                <option key={one} value={one}>
                    {languageName(one)}
                </option>
            ))}
        </select>
    );
}
