# Fit indices in samples from a fitted model's own implied moments, by lavaan: see SOURCE.md.
# Run in this folder: Rscript generate.R
suppressMessages({library(lavaan); library(MASS)})
model <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\n"
writeLines(model, "model.txt")
data <- read.csv("../holzinger/data.csv")
wanted <- c("chisq", "cfi", "tli", "rmsea", "srmr")
fit <- cfa(model, data, likelihood = "normal")
measures <- function(x) as.numeric(fitMeasures(x, wanted))
write_out <- function(x, file) {
  colnames(x) <- wanted
  write.csv(as.data.frame(x), file, row.names = FALSE)
}
write_out(t(measures(fit)), "here.csv")

# 1. lavaan's own parametric bootstrap: the quantiles
set.seed(20261122)
boot <- bootstrapLavaan(fit, R = 2000, type = "parametric", FUN = measures)
write_out(boot, "parametric.csv")

# 2. covariance matrices (divisor N, lower triangle by rows) and lavaan's indices of each
p <- 9; n <- nrow(data)
Sigma <- fitted(fit)$cov[paste0("x", 1:p), paste0("x", 1:p)]
covariances <- matrix(NA, 150, p * (p + 1) / 2)
indices <- matrix(NA, 150, length(wanted))
for (i in 1:150) {
  # the last 50 from a population with a cross-loading that the model lacks
  if (i > 100) { S0 <- Sigma; S0[9, 1:3] <- S0[9, 1:3] + 0.25; S0[1:3, 9] <- S0[9, 1:3] } else S0 <- Sigma
  X <- mvrnorm(n, rep(0, p), S0)
  S <- cov(X) * (n - 1) / n
  dimnames(S) <- dimnames(Sigma)
  covariances[i, ] <- t(S)[upper.tri(S, diag = TRUE)]
  own <- cfa(model, sample.cov = S, sample.nobs = n, likelihood = "normal", sample.cov.rescale = FALSE)
  indices[i, ] <- measures(own)
}
names <- outer(1:p, 1:p, function(i, j) paste0("x", i, ".x", j))
colnames(covariances) <- t(names)[upper.tri(names, diag = TRUE)]
write.csv(as.data.frame(covariances), "covariances.csv", row.names = FALSE)
write_out(indices, "indices.csv")
