// Each connection in numbers.

import { HealthMark } from '../areas/People.tsx';
import { platesWith } from '../areas/present.ts';
import { Icon } from '../elements/Icon.tsx';
import { PlateView } from '../elements/Plate.tsx';
import { text } from '../i18n/index.ts';
import { health } from '../state/store.ts';

export function HealthTable() {
    const measured = health.value;
    const people = platesWith(['present', 'entrance', 'lost']).filter((one) =>
        measured.has(one.participant.id),
    );
    return (
        <div class="card">
            <header class="section-head">
                <h2 id="health-heading">{text('health.title')}</h2>
            </header>
            {people.length === 0 ? (
                <p class="empty">{text('health.none')}</p>
            ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
                <section class="table-scroll" tabIndex={0} aria-labelledby="health-heading">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{text('health.person')}</th>
                                <th scope="col">{text('health.verdict')}</th>
                                <th scope="col" class="table-number">
                                    {text('health.round_trip')}
                                </th>
                                <th scope="col" class="table-number">
                                    {text('health.loss_up')}
                                </th>
                                <th scope="col" class="table-number">
                                    {text('health.loss_down')}
                                </th>
                                <th scope="col" class="table-number">
                                    {text('health.jitter')}
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {people.map((one) => {
                                const numbers = measured.get(one.participant.id);
                                return numbers === undefined ? null : (
                                    <tr key={one.participant.id}>
                                        <th scope="row">
                                            <PlateView plate={one} size="line" />
                                        </th>
                                        <td>
                                            <HealthMark measured={numbers} />
                                        </td>
                                        <td class="table-number">{milliseconds(numbers.round_trip_ms)}</td>
                                        <td class="table-number">{permille(numbers.loss_up_permille)}</td>
                                        <td class="table-number">{permille(numbers.loss_down_permille)}</td>
                                        <td class="table-number">{milliseconds(numbers.jitter_ms)}</td>
                                    </tr>
                                );
                            })}
                        </tbody>
                    </table>
                </section>
            )}
            <p class="small muted">
                <Icon name="help" size={16} /> <span>{text('health.explained')}</span>
            </p>
        </div>
    );
}

function milliseconds(value: number): string {
    return text('unit.milliseconds', { value });
}

function permille(value: number): string {
    return text('unit.percent', { value: value / 10 });
}
