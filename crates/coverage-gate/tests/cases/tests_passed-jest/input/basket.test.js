let tries = 0;
jest.retryTimes(1);

describe('basket', () => {
  test('sums', () => expect(1 + 2).toBe(3));
  test('sums wrong', () => expect(1 + 2).toBe(4));
  test('flaky', () => expect(++tries).toBeGreaterThan(1));
  test.skip('skipped', () => {});
  test.todo('written later');
  test.each([1, 2])('twice the same name', (count) => expect(count).toBeLessThan(2));
});
