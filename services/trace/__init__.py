"""The trace (全程留痕): every act from a resident's matter to the confirmed fix, append-only and hash-chained."""
