package shop;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.*;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasketTest {
    static int tries = 0;
    static int loads = 0;

    @Test
    void sums() {
        assertEquals(3, 1 + 2);
    }

    @Test
    void sumsWrong() {
        assertEquals(4, 1 + 2, "the sum is off");
    }

    @Test
    void flaky() {
        assertTrue(++tries > 1, "only the first time");
    }

    @Test
    void flakyError() {
        if (++loads < 2) throw new IllegalStateException("not loaded");
    }

    @Test
    void alwaysThrows() {
        throw new IllegalStateException("no database");
    }

    @Test
    @Disabled("not on this system")
    void skipped() {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void each(int count) {
        assertTrue(count < 2);
    }
}
