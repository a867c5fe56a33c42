package shop;

import org.junit.jupiter.api.*;

class SetUpTest {
    @BeforeAll
    static void connect() {
        throw new IllegalStateException("no server");
    }

    @Test
    void never() {}
}
