import { describe, expect, it } from '@jest/globals';
import { withoutHostState } from '../../../dev/variance/host-state.js';
import type { Observation, Series } from '../../../dev/variance/observations.js';
import { random } from '../../../lib/random.js';

interface Given {
  readonly ofTrip?: number;
  readonly ofPulse?: number;
  readonly noise?: number;
  readonly pulseVaries?: boolean;
  readonly hit?: (at: number) => boolean;
}

function seriesOf({ ofTrip = 0, ofPulse = 0, noise = 0, pulseVaries = true, hit = () => false }: Given): Series {
  const next = random(1);
  const observations = Array.from({ length: 200 }, (_, at): Observation => {
    const trip = Math.log(next() < 0.4 ? 314 : 77);
    const pulse = pulseVaries ? Math.log(0.3 + 0.2 * next()) : Math.log(0.3);
    const y = 3 + ofTrip * trip + ofPulse * pulse + noise * (next() - 0.5) - (hit(at) ? 2 : 0);
    return { y, atMs: at, process: 0, threads: 0, memory: 0, trip, pulse };
  });
  return { id: 'x', kind: 'design', observations };
}

const spread = ({ observations }: Series) => {
  const mean = observations.reduce((sum, { y }) => sum + y, 0) / observations.length;
  return Math.sqrt(observations.reduce((sum, { y }) => sum + (y - mean) ** 2, 0) / observations.length);
};

describe('withoutHostState', () => {
  it('takes out what follows from the round trip and from the pulse', () => {
    const series = seriesOf({ ofTrip: -0.5, ofPulse: -1 });
    expect(spread(series)).toBeGreaterThan(0.3);
    expect(spread(withoutHostState(series)!)).toBeLessThan(1e-9);
  });

  it('takes out what one of them explains where the other never varies', () => {
    expect(spread(withoutHostState(seriesOf({ ofTrip: -0.5, pulseVaries: false }))!)).toBeLessThan(1e-9);
  });

  it('leaves what they do not explain', () => {
    const series = seriesOf({ noise: 1 });
    expect(spread(withoutHostState(series)!) / spread(series)).toBeGreaterThan(0.97);
  });

  it('keeps samples that were hit, without letting them turn the line', () => {
    const hit = (at: number) => at % 15 === 0;
    const left = withoutHostState(seriesOf({ ofTrip: -0.5, ofPulse: -1, noise: 0.02, hit }))!;
    expect(left.observations).toHaveLength(200);
    const unhit = left.observations.filter((_, at) => !hit(at));
    expect(spread({ ...left, observations: unhit })).toBeLessThan(0.012);
  });

  it('is null where readings are missing', () => {
    const series = seriesOf({});
    const observations = series.observations.map((one, at) => (at % 3 === 0 ? one : { ...one, pulse: null }));
    expect(withoutHostState({ ...series, observations })).toBeNull();
    expect(withoutHostState({ ...series, observations: [] })).toBeNull();
  });
});
