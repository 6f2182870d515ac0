# Makes the data and the reference numbers of this folder. Run inside this folder: Rscript generate.R
# R 4.2.2; lme4, nlme, psych, multilevel from Debian.
suppressMessages({library(lme4); library(nlme); library(multilevel); library(psych)})
out <- function(x, file) write.csv(format(x, digits = 15, trim = TRUE), file, row.names = FALSE, quote = FALSE)

# balanced: 6 batches of 5 samples (Davies & Goldsmith 1972)
dye <- data.frame(group = as.integer(Dyestuff$Batch), value = Dyestuff$Yield)
# unbalanced: pupils of the first 40 schools of High School and Beyond (Raudenbush & Bryk 2002)
schools <- levels(factor(as.character(MathAchieve$School)))[1:40]
math <- MathAchieve[as.character(MathAchieve$School) %in% schools, ]
math <- data.frame(group = as.integer(factor(as.character(math$School))), value = math$MathAch, ses = math$SES)
# nested: casks within batches (Davies & Goldsmith 1972), some samples taken away to unbalance them
paste_all <- data.frame(outer = as.integer(Pastes$batch), inner = as.integer(factor(Pastes$sample)), value = Pastes$strength)
paste_part <- paste_all[-c(1, 9, 10, 20, 33, 47, 58), ]
out(dye, "dyestuff.csv"); out(math, "math.csv"); out(paste_all, "pastes.csv"); out(paste_part, "pastes_part.csv")

one <- function(d, case) {
  a <- aov(value ~ factor(group), d)
  ms <- summary(a)[[1]]
  n <- as.numeric(table(d$group)); N <- sum(n); k <- length(n)
  n0 <- (N - sum(n^2) / N) / (k - 1)
  v <- as.data.frame(VarCorr(lmer(value ~ 1 + (1 | group), d, control = lmerControl(optCtrl = list(xtol_rel = 1e-12, ftol_rel = 1e-14)))))$vcov
  data.frame(case = case, f = ms[1, 4], p = ms[1, 5], n0 = n0, ms_between = ms[1, 3], ms_within = ms[2, 3],
             icc1 = (ms[1, 3] - ms[2, 3]) / (ms[1, 3] + (n0 - 1) * ms[2, 3]),
             icc1_multilevel = ICC1(a), icc2_multilevel = ICC2(a), reml = v[1] / sum(v))
}
out(rbind(one(dye, "dyestuff"), one(math, "math")), "one_way.csv")

wide <- matrix(dye$value, ncol = 5, byrow = TRUE)
p <- suppressMessages(ICC(wide, lmer = FALSE))$results
out(data.frame(type = p$type, icc = p$ICC, low = p$`lower bound`, high = p$`upper bound`)[c(1, 4), ], "shrout_fleiss.csv")

nested <- function(d, case) {
  ms <- summary(aov(value ~ factor(outer) / factor(inner), d))[[1]]
  m <- lmer(value ~ 1 + (1 | outer) + (1 | inner), d, control = lmerControl(optCtrl = list(xtol_rel = 1e-12, ftol_rel = 1e-14)))
  v <- as.data.frame(VarCorr(m)); s <- setNames(v$vcov, v$grp)
  data.frame(case = case, f = ms[2, 3] / ms[3, 3], ms_between = ms[2, 3], ms_within = ms[3, 3], df1 = ms[2, 1], df2 = ms[3, 1],
             outer = s["outer"] / sum(s), inner = s["inner"] / sum(s), person = s["Residual"] / sum(s))
}
out(rbind(nested(paste_all, "pastes"), nested(paste_part, "pastes_part")), "nested.csv")

z <- function(x) (x - mean(x)) / sqrt(mean((x - mean(x))^2))
m <- lmer(z(math$value) ~ z(math$ses) + (1 | math$group), control = lmerControl(optCtrl = list(xtol_rel = 1e-12, ftol_rel = 1e-14)))
l <- lme(y ~ x, random = ~ 1 | g, data = data.frame(y = z(math$value), x = z(math$ses), g = math$group))
out(data.frame(program = c("lme4", "nlme"), estimate = c(fixef(m)[2], fixef(l)[2]),
               se = c(sqrt(vcov(m)[2, 2]), sqrt(l$varFix[2, 2]))), "slope.csv")

set.seed(20161105)
x <- matrix(sample(1:5, 40 * 6, replace = TRUE), 40)
colnames(x) <- paste0("x", 1:6)
write.csv(cbind(x, distance = format(mahalanobis(x, colMeans(x), cov(x)), digits = 15)), "mahalanobis.csv", row.names = FALSE, quote = FALSE)
