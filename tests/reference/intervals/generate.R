# Makes the numbers of this folder. Run inside it: Rscript generate.R (a minute or two)
suppressMessages({library(lavaan); library(boot)})
out <- function(x, file) write.csv(x, file, row.names = FALSE, na = "")
data <- read.csv("../political_democracy/data.csv")
model <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ a*ind60
dem65 ~ c*ind60 + b*dem60
ind := a*b
tot := c + a*b"
writeLines(model, "model.txt")

# lavaan's intervals from lavaan's own draws
fit <- sem(model, data, se = "bootstrap", bootstrap = 199, iseed = 20240611)
out(as.data.frame(unclass(lavInspect(fit, "boot"))), "draws.csv")
for (type in c("perc", "bca.simple", "norm", "basic"))
  out(parameterEstimates(fit, boot.ci.type = type)[, c("lhs", "op", "rhs", "est", "se", "ci.lower", "ci.upper")],
      paste0("lavaan_", type, ".csv"))

# boot's intervals of three statistics, influence values by the jackknife
set.seed(5)
statistics <- function(d, i) {
  x <- d[i, ]
  c(correlation = cor(x$x1, x$y1), variance = var(x$y2), ratio = mean(x$y5) / mean(x$x2))
}
drawn <- boot(data, statistics, R = 299)
influence <- sapply(1:3, function(k) empinf(drawn, index = k, type = "jack"))
colnames(influence) <- names(drawn$t0)
out(setNames(as.data.frame(drawn$t), names(drawn$t0)), "boot_draws.csv")
out(as.data.frame(influence), "boot_influence.csv")
intervals <- do.call(rbind, lapply(1:3, function(k) {
  found <- boot.ci(drawn, index = k, conf = .9, type = c("norm", "basic", "perc", "bca"), L = influence[, k])
  last <- function(x) tail(as.numeric(x), 2)
  rows <- rbind(last(found$normal), last(found$basic), last(found$percent), last(found$bca))
  data.frame(statistic = names(drawn$t0)[k], estimate = drawn$t0[[k]], kind = c("normal", "basic", "percentile", "bca"),
             low = rows[, 1], high = rows[, 2])
}))
out(intervals, "boot_intervals.csv")

# Bollen-Stine: chi-square of samples drawn where the model holds
plain <- sem("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9",
             read.csv("../holzinger/data.csv"))
chi <- bootstrapLavaan(plain, R = 500, type = "bollen.stine", FUN = function(f) fitMeasures(f, "chisq"), iseed = 7)
out(data.frame(chi_square = as.numeric(chi)), "bollen_stine.csv")
